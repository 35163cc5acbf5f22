"""Rules for generation: wrong tokens, and prompts longer than the context."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

_NUMERIC = Group(
    Category.GENERATE_NUMERIC,
    en="the numbers or the text that came out are wrong",
    es="los números o el texto que salieron son incorrectos",
)
_LONG = Group(
    Category.GENERATE_CONTEXT_OVERFLOW,
    en="the prompt and answer do not fit the context",
    es="la petición y la respuesta no caben en el contexto",
)

_ODD_CALL = Group(
    Category.UNKNOWN,
    en="what the model wrote is no call of a tool",
    es="lo que escribió el modelo no es una llamada a una herramienta",
)

_NOT_IN_BOOK = Group(
    Category.ARTIFACT_TOKENIZER,
    en="the tokenizer does not have the token that the model speaks of",
    es="el tokenizador no tiene el token del que habla el modelo",
)

_BOOKS = Group(
    Category.UNKNOWN,
    en="the engine's own accounts do not add up",
    es="las cuentas internas del motor no cuadran",
)

_FULL = (Category.GPU_OUT_OF_MEMORY, 0.12)
_TEXT = (Category.ARTIFACT_TOKENIZER, 0.12)
_BAD = (Category.ARTIFACT_CORRUPT, 0.12)

RULES = (
    _NUMERIC.rule(
        "nan",
        r"probability tensor contains|\bnan, ?-?nan\b|\bnan[ ,]+\.\.\.|contains? (?:either )?[`'\"]?(?:inf|nan)|\bnans?\b[^\n]{0,60}(?:detect|found|encounter|produc|output|logit|value|tensor|in )|(?:logit|output|tensor|loss|value|hidden|probab|perplexity|embedding|weight|result)s?[^\n]{0,60}\bnans?\b|isnan|!isinf|std::isfinite|non-?finite|not a number|iter != probs|-?inf(?:inity)? (?:values?|logits)|found_inf|numerical (?:instability|overflow|error)",
        0.94,
        also=(_BAD, (Category.PROCESS_CRASHED, 0.08)),
        unless=r"validate_row_data|has invalid data|imatrix contains|does not support (?:float16|bfloat16)",
    ),
    _NUMERIC.rule(
        "gibberish",
        r"gibberish|garbage|rubbish|nonsens\w*|garbled|scrambled|jumbled|mangled|gobbledygook|word salad|(?:makes?|making) no sense|not make (?:any )?sense|incoherent|random (?:characters|tokens|symbols|words|text)|mojibake|meaningless|unreadable|not readable|illegible|incomprehensible|jibberish|hallucinat\w*|(?:wrong|incorrect|bad|weird|strange|broken|messed|corrupt(?:ed)?|invalid|different|inconsistent) (?:output|answer|result|response|generation|token(?! id)|text)s?|output(?:s)? (?:is |are )?(?:wrong|bad|broken|corrupt|different|garbage|empty|blank|incorrect|only|just)(?! stop)|exclamation (?:marks?|points?)|question marks?|empty (?:output|response|string|answer|generation|content)|(?:same|one) (?:token|word|character)s? (?:over|repeated|again)|repeat(?:s|ing|ed|edly)?[^\n]{0,30}(?:token|itself|same|word|output|forever|endless|again|indefinitely|character|sentence|phrase)|repetiti\w+|never(?:-| )?end\w* (?:output|generation|response)|endless(?:ly)?|(?:doesn't|does not|never|won't|not) stop(?:s|ping)?(?: generat\w*)?|loops? (?:forever|endlessly|infinitely)",
        0.86,
        also=(_TEXT, (Category.ARTIFACT_INCOMPATIBLE, 0.12), _BAD),
        phases=(Phase.GENERATE,),
    ),
    _NUMERIC.rule(
        "gibberish-any-phase",
        r"gibberish|garbled|乱码|胡言乱语|感叹号|答非所问|(?:不停|无限|一直|不断)重复|重复(?:输出|生成|回答)|输出全是|乱七八糟|输出(?:乱|异常|混乱|错乱)|回答(?:混乱|错乱)|语无伦次|文字化け|(?:出力|回答|応答)が(?:おかしい|壊れ|意味不明)|意味不明|sin sentido|no tiene sentido|incoherente|sem sentido|n\'a aucun sens|charabia|kauderwelsch|unsinn\b|wirres zeug|бессмыслиц|кракозябр|бред\b|абракадабр|횡설수설|이상한 (?:답변|문자|글자)|깨진 (?:글자|문자)|(?:scrambled|jumbled|mangled) (?:output|text|answer|response)|(?:output|text|answer|response)s? (?:of [^\n]{0,40} )?(?:is|are|was|appears?|looks?|seems?|gets?|becomes?|comes? out) (?:\w+ )?(?:scrambled|jumbled|mangled|garbage|nonsense)|nonsense output|garbage (?:output|text|token|character)s?|outputs? (?:only )?garbage|random (?:characters|tokens|symbols)|wrong output",
        0.93,
        also=(_TEXT, _BAD),
    ),
    _NUMERIC.rule(
        "repeated-characters",
        r"!!!!!!!!!!!!|@@@@@@@@@@@@|gggggggggggg|\?\?\?\?\?\?\?\?\?\?\?\?|0000000000000000000000|################ ?#|(?:<unk> ?){3}|(?:\[unk\] ?){3}|(?:<pad> ?){3}|(?:<bos> ?){3}|(?:<eos> ?){3}|</s> ?</s> ?</s>|<s> ?<s> ?<s>|(?:<\|endoftext\|> ?){3}|(?:\[pad\d+\] ?){2}|����|\ufffd\ufffd\ufffd|<0x0a><0x0a>|(?:the ){8}|(?:and ){8}|(?:\. ){12}",
        0.93,
        also=(_TEXT,),
        phases=(Phase.GENERATE,),
        unless=r"segfault|(?<!\^c)traceback",
    ),
    _NUMERIC.rule(
        "invalid-token-id",
        r"invalid token(?: id)?\b|token_id (?:>=|<)|token id[^\n]{0,40}(?:out of|invalid|negative|exceed)|token (?:id )?-?\d+[^\n]{0,40}(?:invalid|out of)|getvocabsize|sampled? (?:an )?invalid|all (?:logits|probabilities) (?:are|is)|bad logits|llama_token_to_piece|token < n_vocab|failed to sample|not accepted by (?:the |a )?(?:json |gbnf |current )?grammar|grammar[^\n]{0,60}(?:reject|not accept)|(?:reject|refus)\w{1,3} by (?:the )?grammar|unexpected empty grammar stack",
        0.66,
        also=((Category.ARTIFACT_TOKENIZER, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.12)),
        unless=r"invalid token id \d{3,7} for",
        phases=(Phase.GENERATE, Phase.LOAD),
    ),
    _LONG.rule(
        "exceeds-context",
        r"exceeds?(?:ed|ing)? (?!maximum protobuf)(?:the )?(?:model'?s? )?(?:available |maximum |max |current |total |allowed )*(?:context|sequence|input|prompt|token|position|model)[_ ]?(?:window|length|size|limit|len)?\b[^\n]{0,40}|exceeds? limit of \d+|contextwindowsizeexceeded|context[_ ](?:length|window|size|limit)[^\n]{0,60}(?:exceed|overflow|too (?:small|long|short)|reach|full|is \d+|less|larger|smaller|insufficient)|maximum context length|exceed(?:s|ed)? (?:the )?(?:n_ctx|context)|too many tokens|(?<!training )context (?:is )?(?:overflow|full|too small)|context_length_exceeded|\bcontext_?overflow\w{0,9}|exceed(?:ed|s)?_?(?:max_?)?(?:context|token|inputtoken|prompt)\w{0,24}|(?:context|token|prompt)(?:window|length|size|limit|count)\w{0,8}(?:exceeded|overflow)|out of context|context (?:limit|size) (?:was |has been )?(?:reached|hit)|(?:over|beyond|past) the context",
        0.94,
        also=((Category.CONFIG_INVALID, 0.16),),
        unless=r"workgroup|variable size|storage|vram|gpu memory|exceeds? (?:the )?available (?:gpu|vram|system) memory|kv cache is needed|disk|quota|buffer size|memory limit",
    ),
    _LONG.rule(
        "prompt-too-long",
        r"(?:prompt|input|request|message|sequence|conversation|query|text(?!ure))s?[^\n]{0,80}(?:too (?:long|large|big|many)|longer than|larger than|greater than|exceed\w*|over the)[^\n]{0,60}(?:token|context|limit|maximum|length|window|n_ctx|model|batch|\d|$)|token indices sequence length|longer than the (?:specified )?maximum|prompt is too long|input is too (?:long|large)|truncat(?:ing|ed) (?:the )?(?:input|prompt)|(?:prompt|input|context|message)s? (?:gets?|is|was|are|were|being) truncated|truncated (?:at|to) \d+ tok|requested tokens|reduce the length|input_?ids? length|prompt_tokens[^\n]{0,30}(?:>|exceed)|max_input_length|input length of(?! \w{2,20} is 0\b)|max_length. is set to|max_total_tokens|tokens in total, larger|larger than the model input length|max_new_tokens[^\n]{0,60}(?:exceed|context)|is longer than the maximum model length|max(?:imum)? (?:sequence|seq|input|prompt)[_ ]?(?:length|len)[^\n]{0,60}(?:exceed|reach|is \d+[^\n]{0,60}(?:but|however|got|request))",
        0.9,
        also=((Category.CONFIG_INVALID, 0.2),),
        unless=r"tensor parallel|must be [<>]=? ?`|limitsexceeded|requests\.exceptions|length of pop|redirects|available (?:ram|memory)|\bgrpc\b|pending requests|parallel sync task|file name too long|larger than gpu|buffer|uri too long|batch size|derived max_model_len|kv cache|protobuf",
    ),
    _LONG.rule(
        "kv-full",
        r"(?:kv ?|token |prompt |attention )?cache is full|no page can be allocated|kv (?:cache|slot)[^\n]{0,40}(?:full|exhaust|not enough|overflow|no (?:free|space|slot))|failed to find (?:a |free |an |space |memory )*(?:kv |memory )*(?:slot|space in (?:the )?kv)|no kv (?:slot|cache)|could not find a kv slot|failed to prepare (?:ubatch|batch)|context shift|context_shift|failed to decode[^\n]{0,30}(?:ret|code)? ?=? ?1\b|llama_decode returned 1\b|failed to eval(?:uate)?\b(?! model)|decode: failed to|cache is too small|not enough (?:kv|cache|context) (?:space|slots?|blocks?)|sequence group[^\n]{0,40}preempt|ignored_seq_groups",
        0.8,
        also=((Category.CONFIG_INVALID, 0.2), _FULL, (Category.PROCESS_CRASHED, 0.1)),
        unless=r"out of memory|bug in memory",
    ),
    _LONG.rule(
        "storage-allocation",
        r"storage allocation failure|attempted to allocate \d+ at offset|offset \+ needed_size",
        0.94,
        also=(_FULL, (Category.CONFIG_INVALID, 0.15)),
    ),
    _LONG.rule(
        "batch-too-small",
        r"n_tokens <= n_batch|n_batch|n_ubatch|input[^\n]{0,60}(?:physical )?batch size|increase the physical batch|n_tokens_all <= cparams|position[_ ]?(?:ids?|embeddings?)[^\n]{0,60}(?:exceed|out of|larger|greater|bound|size)|index (?:\d+ )?(?:is )?out of (?:range|bounds)[^\n]{0,40}(?:position|rotary|cos|embedding)|max_position_embeddings|prefill_chunk_size|max_num_batched_tokens|max_window_size|max_seq_len",
        0.46,
        also=((Category.CONFIG_INVALID, 0.42), (Category.PROCESS_CRASHED, 0.15)),
        phases=(Phase.GENERATE,),
    ),
    _NUMERIC.rule(
        "nan-in-check",
        r"\bvs\.? -?nan\b|\]nan,|negative standard deviation of log|\bid: nan\b|uniform_sample|-?nan(?:\(ind\)|\(snan\))|(?:logits|probs?|softmax|sampling|sampler|loss|norm)[^\n]{0,60}[:= (]-?(?:nan|inf)\b|= ?nan\b|nan loss|produced nan|cumsum[^\n]{0,40}nan|illegal token|all[- ]zero (?:output|logits)",
        0.93,
        also=((Category.PROCESS_CRASHED, 0.1),),
    ),
    _NUMERIC.rule(
        "nothing-but-signs",
        r"full of (?:<unk>|\[unk\]|garbage|nonsense|random|symbols)|(?:only|just|nothing but|keeps?|starts?|begins?) (?:ever )?(?:print(?:s|ing)?|output(?:s|ting)?|generat(?:es|ing)|return(?:s|ing)?|produc(?:es|ing)|respond(?:s|ing)?(?: with)?|repl(?:ies|ying)(?: with)?|answer(?:s|ing)?(?: with)?|giv(?:es|ing)|spit(?:s|ting)?(?: out)?|show(?:s|ing)?) (?:only |just |out |a bunch of |lots of |a lot of )*[\"'`*]?(?:##|@@|!!|\?\?|\$\$|%%|&&|\*\*|//|\.\.|g{3,}|\?|!|#|@|<unk>|\[unk\]|<\|)|(?:print|output|generat|return|produc|respond|repl|answer)\w* (?:only|just|nothing but|a (?:bunch|lot|string|series|stream) of|lots of|endless|infinite|repeated)[^\n]{0,20}[\"'`]?(?:##|@@|!!|\?\?|\$\$|%%|&&|\*\*|g{4,}|[#@!?]\B|<unk>)",
        0.9,
        also=(_TEXT,),
    ),
    _NUMERIC.rule(
        "nan-said",
        r"(?:produc|generat|return|output|yield|get|giv|contain|becom|result|all|full of|overflow)\w* (?:in |to |are |is |only |just |all |of )*(?:nans?|infs?)\b|\bnans? (?:and|or|/) infs?\b|\bnans? (?:logits?|outputs?|values?|results?|loss)",
        0.93,
        also=(_BAD, (Category.GPU_FEATURE_MISSING, 0.06)),
        unless=r"validate_row_data|has invalid data|imatrix contains",
    ),
    _LONG.rule(
        "more-tokens-than-room",
        r"(?:prompt|input|request|conversation)[^\n]{0,20} (?:has|is|of|contains|with|had) \d+ tokens?[^\n]{0,100}(?:while|but|max|exceed|only|limit|than)|insufficient kv cache|n_prompt_tokens|only supports up to \d+ context|sequence_length \(\d+\) is >=|tokens? \(\d+\) exceeds? (?!batch)|number of (?:input|prompt) tokens[^\n]{0,60}(?:exceed|larger|greater|>)",
        0.94,
        also=((Category.CONFIG_INVALID, 0.2),),
        unless=r"vram|gpu memory",
    ),
    _NUMERIC.rule(
        "no-token-sampled",
        r"check failed: sampled_(?:index|token\w*) >= 0",
        0.86,
        also=((Category.PROCESS_CRASHED, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _NUMERIC.rule(
        "told-of-output",
        r"(?:model|llm|bot|it|chat) (?:just |only |always |keeps )?(?:outputs|prints|returns|generates|answers with|responds with|outputting|printing|generating) (?:a string of|a series of|a stream of|nothing but|the same|random|strange|weird)\b",
        0.76,
        also=(_TEXT, (Category.GPU_DRIVER, 0.15)),
    ),
    _NUMERIC.rule(
        "nothing-to-sample",
        r"cur_p->size|cur_p\.selected|token repeat limit|cannot sample from the given probability|weight is invalid in distribution|no selected token during sampling|llama_sampler_dist_apply[^\n]{0,120}found|invalid value encountered in cast|a weight is (?:negative|invalid)|all weights (?:are|were) zero|weightedindex|invalid probability distribution|sum to zero",
        0.93,
        also=(_BAD, (Category.PROCESS_CRASHED, 0.25)),
    ),
    _LONG.rule(
        "positions-used-up",
        r"`?inputs`? tokens \+ |must be <= \d+\. given|check your context buffer|index_copy_\(\): index|seqlens_k must be|cos_cache (?:total )?sequence length|total cos_cache|requires \d+ pages \(only|cannot be greater than (?:the )?(?:model )?context|not support k-shift|context shift (?:is )?(?:disabled|not supported)|does not support context shift|start \+ len > dim_len|position (?:id )?\d+ (?:is )?(?:out of|beyond|exceed)|(?:sequence|prompt|token)s? (?:positions? )?are not consecutive|exceed_context_size_error|n_past[^\n]{0,20}(?:>=?|<=) ?n_ctx|n_tokens[^\n]{0,20}(?:>=?|<=) ?n_ctx",
        0.94,
        also=((Category.CONFIG_INVALID, 0.3), (Category.PROCESS_CRASHED, 0.12)),
    ),
    _LONG.rule(
        "ended-at-length",
        r"finish_reason['\"]?:? (?:is |was |= ?)?['\"]?length|done_reason['\"]?:? ?['\"]length",
        0.62,
        also=((Category.CONFIG_INVALID, 0.3), (Category.UNKNOWN, 0.2)),
        phases=(Phase.GENERATE,),
    ),
    # What the model wrote does not parse, and no program is to blame.
    _ODD_CALL.rule(
        "tool-call-not-parsed",
        r"parsing outputmessage for function calling|toolcalloutputparseerror|invalid tool call arguments|error parsing tool call|failed to parse tool call",
        0.6,
        also=((Category.GENERATE_NUMERIC, 0.55), (Category.CONFIG_INVALID, 0.2)),
    ),
    # The engine says itself that its books are wrong.
    _BOOKS.rule(
        "own-bookkeeping",
        r"\d{1,4}-time referenced by other|cannot accept new kv values|there is a bug in memory|allocator memory leak detected|pool memory leak detected|filledkvcachelength does not match|draft_token_indices|draft_output_tokens|committed_tokens|num_running_rsentries|output_ids_\.empty|exceeds the whole sequence length|length of pop|(?:sequence|seq|request|rid|entry) (?:id )?\d{0,9} ?(?:is |was )?(?:not found|cannot be found|already (?:exists?|removed|finished)) in (?:the )?(?:kv|cache|engine|pool|scheduler)",
        0.74,
        also=((Category.PROCESS_CRASHED, 0.3), (Category.GPU_OUT_OF_MEMORY, 0.2)),
    ),
    _LONG.rule(
        "lengths-compared",
        r"check failed[^\n]{0,60}(?:seq(?:uence)?_?len\w*|context_?len\w*|total_\w{0,12}len\w*|cur_?len\w*) <=? |assert [^\n]{0,40}(?:seq_?len|context_?len|input_?pos)\w* <=? ",
        0.64,
        also=((Category.CONFIG_INVALID, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
        phases=(Phase.GENERATE,),
    ),
    _LONG.rule(
        "larger-than-batch",
        r"input is too large to process|tokens? \(\d+\) exceeds? batch size",
        0.66,
        also=((Category.CONFIG_INVALID, 0.5),),
    ),
    _LONG.rule(
        "positions-of-model",
        r"no position(?:al)? (?:encoding|embedding)s? (?:are|is)|indices element out of data bounds[^\n]{0,60}inclusive range \[-\d{3,4},|position(?:al)?[_ ](?:encoding|embedding|id|index)\w{0,3}[^\n]{0,60}(?:>=|exceed|out of range|out of bounds|beyond)",
        0.86,
        also=((Category.CONFIG_INVALID, 0.3), (Category.ARTIFACT_TOKENIZER, 0.2)),
        unless=r"\bnans?\b",
    ),
    # What people say of an answer.
    _NUMERIC.rule(
        "answer-of-signs",
        r"(?:only|just|nothing but|all|full of|mostly|simply|merely) (?:\w{1,12} ){0,2}(?:white ?spaces?|new ?lines?|blanks?|spaces|zeros?|zeroes|dots|punctuation|symbols|commas|question marks|exclamation marks?|dashes|slashes|same (?:token|word|character|letter)|single (?:token|word|character|letter))\b|\bggggg{0,200}\b|['\"`](?:ggg|!!!|\?\?\?\?|####|@@@@|000000|/////|\.\.\.\.\.\.)|(?:talk|speak|chat|repl(?:y|ies)|answer)\w{0,4} to (?:itself|themselves)|(?:infinite|endless|never[- ]ending) (?:loops? of|output|generation|text|repetition|response|rambl\w{1,4}|stream)",
        0.86,
        also=(_TEXT, (Category.GPU_DRIVER, 0.12)),
        phases=(Phase.GENERATE,),
    ),
    _NUMERIC.rule(
        "other-than-expected",
        r"(?:output|result|answer|response|logit|prediction|embedding|token)s? (?:\w{1,12} ){0,3}(?:differ|diverge|disagree|vary|do(?:es)? not match|don't match|doesn't match|(?:is|are) (?:very |completely |totally |slightly |quite )?(?:different|inaccurate|inconsistent|nonsensical))|(?:accuracy|quality|perplexity|\bwer\b|precision|recogni[sz]\w{2,6})[^\n]{0,40}(?:drop|degrad|extremely|very (?:high|low|bad|poor)|terrible|poor|worse|bad\b)|cosine similarity|(?:completely|totally|very|clearly|obviously) (?:wrong|incorrect|off)\b|(?:correct|fine|right|good|works) (?:on|with) (?:the )?(?:cpu|wasm|cuda)[^\n]{0,30}(?:wrong|incorrect|but)|(?:different|worse|wrong) (?:on|with) (?:the )?(?:gpu|webgpu|metal|vulkan|npu|mps)",
        0.74,
        also=(_TEXT, _BAD, (Category.GPU_DRIVER, 0.2)),
        phases=(Phase.GENERATE,),
        unless=r"error:|exception|expected shape|dtype",
    ),
    _LONG.rule(
        "longer-by-shape",
        r"size of tensor a \((?:\d{3,6})\) must match the size of tensor b \((?:77|256|512|1024|2048|4096|8192|32768)\)|size of tensor a \((?:77|256|512|1024|2048|4096|8192|32768)\) must match the size of tensor b \(\d{3,6}\)",
        0.78,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.5), (Category.CONFIG_INVALID, 0.2)),
        phases=(Phase.GENERATE,),
    ),
    # What a browser's own model says of a prompt.
    _LONG.rule(
        "quota-of-prompt",
        r"quotaexceedederror: (?:the )?(?:input|prompt|conversation)",
        0.96,
        also=((Category.STORAGE_QUOTA_OR_DISK_FULL, 0.2),),
    ),
    _LONG.rule(
        "context-at-its-end",
        r"when context (?:the )?overflows|loaded with (?:a )?context length of only|tokens to keep from the initial prompt|(?:kv[ -]?cache|cache|context|conversation) (?:length|size|limit|capacity|window) (?:was |has been |is |got )?(?:reached|exceeded|exhausted|hit|full)|reached (?:the )?(?:max\w{0,4} )?(?:context|token|sequence) (?:length|limit|window)",
        0.94,
        also=((Category.CONFIG_INVALID, 0.16),),
        unless=r"gpu memory|vram|disk",
    ),
    _LONG.rule(
        "beginning-forgotten",
        r"(?:forgets?|forgot|forgetting) [^\n]{0,50}(?:beginning|start\b|earlier|previous|first (?:message|question))|(?:loses|lost|drops|ignores|ignored|cuts off) (?:the |its |all |what )*(?:beginning|start|earlier|previous|first part|system prompt|instructions?|older) ?[^\n]{0,30}|(?:beginning|start|earlier (?:part|messages)|first part)[^\n]{0,30} (?:is |are |was |were |gets )?(?:forgotten|cut off|truncated|dropped|ignored)|(?:stops|ends|breaks|fails) (?:working )?(?:at|after|past|beyond) (?:about |around |exactly |~)?\d{3,6} tokens",
        0.66,
        also=((Category.CONFIG_INVALID, 0.25), (Category.GENERATE_NUMERIC, 0.3)),
        phases=(Phase.GENERATE,),
    ),
    _NUMERIC.rule(
        "never-done-or-blank",
        r"(?:keeps?|goes on|continues?|kept) (?:on )?(?:generating|talking|writing|outputting|printing|rambling|responding|repeating)|generat(?:es|ing) (?:text |tokens |output )?(?:forever|endlessly|indefinitely|infinitely|without (?:stopping|end|ever))|(?:answer|response|output|reply|completion|content|message|text|transcript|transcription|result|caption|summary|translation)s? (?:is |are |was |were |comes? back |came back |remains? )?(?:always |just |only |completely )?(?:blank|empty)\b|(?:blank|empty) (?:answer|repl(?:y|ies)|completion|message|text)s?\b",
        0.8,
        also=(_TEXT, (Category.PROCESS_HUNG, 0.25)),
        phases=(Phase.GENERATE,),
        unless=r"must not be|cannot be|should not be|error:",
    ),
    # Other words for an answer that is none, and for signs instead of it.
    _NUMERIC.rule(
        "spoilt-answer",
        r"mess(?:y|ed[- ]up) (?:code|character|output|text|answer|response|token|word)s?|corrupt(?:ed|s)? (?:unicode |utf-?8 |chinese |japanese |korean |cyrillic |output |multi-?byte )?(?:character|text|output|token|answer|response|word)s?\b|(?:only|just|pure|nothing but|full of|random|all|mostly|produces|creates|outputs|generates|is|are|static) (?:\w{1,10} )?nois(?:e|y)\b|noise instead|(?:black|blank|gr[ae]y|green|solid|empty) (?:image|picture|output|frame|square)s?\b|(?:mostly|mainly|almost only|only|all|always) [\"'`]?(?:<s>|</s>|<unk>|<pad>|<eos>|<bos>|<\|end|<0x|\[pad|\\u|\\n)|spam(?:s|ming|med)? (?:the )?[^\w\s\"'(]{4,}|(?:did|do|does) not meet (?:the )?expect\w{0,6}|(?:gibber|babbl|ramb?l)\w{1,4}\b|(?:wrong|strange|weird|foreign|other|another|different|mixed|random|multiple|several) languages?\b|switch(?:es|ed|ing)? (?:to |into |between )?(?:another |a different |random )?(?:language|chinese)s?\b|answers? (?:in|with) (?:chinese|random)|off[- ]topic|unrelated (?:text|answer|output|content|to (?:the|my))|(?:quality|output) (?:degrad|collaps|deteriorat)\w{1,4}|lobotomi[sz]ed|brain ?dead|\bdumb(?:er)?\b|(?:replacement|unprintable|non-?printable|invisible) characters? (?:in|instead|only)|ascii (?:art|soup)|word soup|alphabet soup",
        0.85,
        also=(_TEXT, _BAD, (Category.GPU_DRIVER, 0.14)),
        phases=(Phase.GENERATE,),
        unless=r"traceback|exception|valueerror|utf-?8' codec|unicodedecode|json",
    ),
    _NUMERIC.rule(
        "same-letter-in-a-row",
        r"gggggg|;;;;;;|,,,,,,|\(\(\(\(\(\(|\]\]\]\]\]\]|@@@@@@|\?\?\?\?\?\?\?|!!!!!!!|\$\$\$\$\$\$|&&&&&&|\^\^\^\^\^\^\^\^|~~~~~~~~~~~~~~~~\w|(?:<\|[a-z_]{2,20}\|>){4}|nnnnnnnn|iiiiiiii|66666666|(?:\\n){6}|////////////|(?:\\x00){3}|(?:<\|reserved_special_token_\d{1,3}\|> ?){2}|(?:\\u0000){3}|(?:1\.1\.){4}|(?:\\u200b){2}|(?:ha){12}",
        0.84,
        also=(_TEXT, (Category.GPU_DRIVER, 0.12)),
        phases=(Phase.GENERATE,),
        unless=r"traceback|exception|segmentation|error:",
    ),
    # An index beyond its table, on the card: tokens or positions that the model has not.
    _LONG.rule(
        "index-beyond-its-table",
        r"index(?:kernel|ing|_select)?\w{0,8}\.cu[^\n]{0,160}(?:index out of bounds|srcindex < srcselectdimsize|dstindex|ind >= 0)|srcindex < srcselectdimsize|scattergatherkernel\.cu[^\n]{0,160}out of bounds|-sizes\[i\] <= index",
        0.5,
        also=(
            (Category.ARTIFACT_TOKENIZER, 0.44),
            (Category.CONFIG_INVALID, 0.3),
            (Category.PROCESS_CRASHED, 0.3),
            (Category.ARTIFACT_INCOMPATIBLE, 0.25),
        ),
        phases=(Phase.GENERATE,),
    ),
    # The same, in the words of other runtimes and of services that run on one's own machine.
    _LONG.rule(
        "limit-in-other-words",
        r"(?:prompt|input|context|sequence|request|message)s?[- ]?(?:length|size|tokens?)? ?\(?\d{3,7}\)? ?(?:tokens? )?(?:exceeds?|is (?:larger|greater|longer|more) than|>|>=|is above|over) (?:the )?(?:context|model|max|limit|window|slot|available|n_ctx|allowed)|(?:does not|doesn't|will not|won't|cannot|can't|not) fit (?:in|into|within) (?:the )?(?:\w{1,10} )?(?:context|window|kv|slot)|context (?:window |size |length )?(?:is )?(?:overrun|exhausted|used up|ran out|overran|too short|insufficient|depleted)|ran out of context|must have (?:less|fewer) than \d{3,6} tokens|not enough (?:space|room) (?:left )?in (?:the )?(?:kv|context(?!'s))|is over n_ctx|append_length <= |max_total_seq_?length|no (?:more )?(?:room|space|tokens) (?:left )?in (?:the )?(?:context|window|kv)|(?:slot|context|conversation|chat|history) (?:is |was |gets? |got )?(?:truncated|cut off|shifted)|n_ctx[^\n]{0,30}(?:too small|exceed|not enough|reached)|\bn_predict\b[^\n]{0,40}exceed|input (?:has|of) \d{3,7} tokens|prompt tokens? \d{3,7}[^\n]{0,30}(?:exceed|larger|max)|(?:max|maximum)[_ ](?:input|prompt|model|sequence|position|target|source)\w{0,3}[_ ]?(?:length|len|size|tokens|positions)?[^\n]{0,20}(?:exceeded|reached|surpassed|violated)|token limit (?:exceeded|reached|hit|of)|(?:exceeds?|exceeded|over|above|beyond) (?:the )?(?:max\w{0,4} )?(?:token|context|prompt|input) (?:limit|budget|count|window|length)|(?:超出|超过|超過)[^\n]{0,12}(?:上下文|长度|長度|token|限制)|上下文(?:长度)?(?:溢出|超|不足|过长)|(?:input|prompt)(?: is|'s)? too (?:long|large|big)|too many (?:input |prompt )?tokens",
        0.92,
        also=((Category.CONFIG_INVALID, 0.24),),
        phases=(Phase.GENERATE, Phase.LOAD),
        unless=r"kv cache is needed|derived max_model_len|gpu memory|vram|rate limit|per minute|quota|file (?:name )?too|buffer|protobuf",
    ),
    # A token that the vocabulary does not have: a padded head says more than the tokenizer knows.
    _NOT_IN_BOOK.rule(
        "token-beyond-vocabulary",
        r"token (?:id )?\d{3,7} (?:is )?(?:out of|beyond|exceeds|>=|not in) [^\n]{0,30}vocab|invalid token id \d{3,7} for|token ids? [^\n]{0,40}(?:larger|greater|bigger) than [^\n]{0,20}vocab|vocab(?:ulary)?[_ ]?size[^\n]{0,40}(?:mismatch|does not match|differs?)",
        0.86,
        also=((Category.GENERATE_NUMERIC, 0.5), (Category.ARTIFACT_INCOMPATIBLE, 0.3)),
        phases=(Phase.GENERATE,),
    ),
    # What is said of an answer plainly enough to be known without the phase.
    _NUMERIC.rule(
        "answer-is-no-answer",
        r"(?:gives?|produc(?:es|ing)|return(?:s|ing)?|output(?:s|ting)?|generat(?:es|ing)|repl(?:ies|ying) with|respond(?:s|ing)? with|answer(?:s|ing)? with|spit(?:s|ting)? out|print(?:s|ing)|emit(?:s|ting)?|yield(?:s|ing)?) (?:me |us |only |just |out |pure |total |complete |random |repeated |repeating |endless |all |a (?:stream|string|bunch|lot) of ){0,3}(?:garbage|nonsense|gibberish|garbled|incoherent|zeros|rubbish|junk (?:text|token|output)|same (?:token|word|letter|character)|exclamation|question marks)|(?:becomes?|became|gets?|turns?|goes|is|are) (?:completely |totally |increasingly |just |all )?(?:incoherent|gibberish|garbled|nonsensical)|(?:outputs?|results?|embeddings?|logits|tokens|predictions?|vectors?)\b(?: returned| produced)? (?:are |is |returns? |being )?(?:all |always |only |just )(?:zeros?|the same|identical|nans?|wrong)\b|(?:results?|outputs?|answers?) (?:are |is )(?:completely |totally |different|wrong|incorrect)[^\n]{0,40}(?:cpu|wasm|cuda|webgpu|metal|vulkan|tp ?=|between)|(?:outputs?|results?|embeddings?|logits|predictions?|vectors?) (?:are |is |returns? )?(?:zeros|nans?\b)|perplexity (?:is |of |goes |becomes )?[^\n]{0,24}(?:higher|worse|explod|huge|thousands|infinit|\bnan)|(?:<unused\d{1,3}> ?){2}|(?:repeat(?:s|ing)|loops? over) (?:the )?same (?:word|token|sentence|phrase|text|line)|never (?:emits?|produces?|generates?|outputs?) (?:an? |the )?(?:eos|stop|end[- ]of)|rambl(?:es|ing) on|keeps (?:on )?(?:generating|talking|rambling)",
        0.84,
        also=(_TEXT, (Category.GPU_DRIVER, 0.14)),
        unless=r"garbage collect|traceback|exception",
    ),
    # Values and words that are wrong, in the words of people who use small models: predictions, transcripts, labels.
    _NUMERIC.rule(
        "wrong-value",
        r"(?:wrong|incorrect|false|inaccurate|strange|weird|odd|poor|terrible|unusable|nonsensical|bogus|random) (?:prediction|recognition|transcription|transcript|translation|classification|inference|embedding|logit|score|value(?!s? (?:for|of type|type|in (?:the )?(?:config|field|param)))|caption|label|completion|repl(?:y|ie)|sentence)s?\b|(?:not|n't|never|without|no) (?:\w{1,12} ){0,3}(?:correct|right|proper|sensible|coherent|meaningful|reasonable|expected|usable|useful|accurate) (?:response|answer|output|result|prediction|value|repl(?:y|ie)|completion|transcription|text)s?\b|(?:outputs?|results?|answers?|responses?|predictions?|values?|logits|scores) (?:\w{1,14} ){0,3}(?:are|is|were|was|look|looks|seem|seems) (?:very |really |so |quite |rather |all |just )?(?:strange|weird|odd|off|poor|terrible|unusable|nonsense|not (?:correct|right|good|usable|readable|meaningful|as expected))\b|(?:can't|cannot|doesn't|does not|not able to|unable to) (?:recogni[sz]e|transcribe|detect|understand) (?:anything|any (?:speech|text|word|image))|\((?:expected|correct)[^)\n]{0,40}(?:got|but|actual)",
        0.8,
        also=(_TEXT, _BAD, (Category.GPU_DRIVER, 0.15), (Category.ARTIFACT_INCOMPATIBLE, 0.15)),
        phases=(Phase.GENERATE,),
        unless=r"traceback|exception|error:|valueerror|typeerror|must be|shape",
    ),
    _NUMERIC.rule(
        "answer-is-poor",
        r"(?:output|answer|response|text|generation|translation|transcription|repl(?:y|ie)|result|inference)s?(?:'s?)? (?:quality )?(?:is|are|was|were|became|becomes|gets?) (?:\w{1,12} )?(?:horrible|terrible|awful|horrendous|abysmal|atrocious|useless|unusable|pathetic|bad|poor|worse|degraded|broken|nonsense|crap|stupid)\b|(?:token|word|character|letter|unicode) (?:soup|salad)|(?:content|response|text|answer)[\"']?: ?(?:''|\"\"|null\b|none\b)[^\n]{0,40}(?:$|\n|finish|done|,)",
        0.72,
        also=(_TEXT, _BAD, (Category.ARTIFACT_INCOMPATIBLE, 0.2), (Category.UNKNOWN, 0.15)),
        phases=(Phase.GENERATE,),
        unless=r"traceback|exception|error:|valueerror|\berror\b|status code|.delta.|finish_reason\W{1,4}length",
        wrapper=True,
    ),
    # Encoders have a table of positions: what is longer does not fit beside it.
    _LONG.rule(
        "longer-than-the-table-of-positions",
        r"broadcast[^\n]{0,80}\b(?:(?:77|256|512|514|1024|2048|8192) by \d{3,5}|\d{3,5} by (?:77|256|512|514|1024|2048|8192))\b|embeddings?/(?:position|add)[^\n]{0,200}(?:broadcast|out of data bounds|out of bounds|mismatch)|position_embeddings?[^\n]{0,120}(?:index out of range|out of bounds|indices element)",
        0.86,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.4), (Category.CONFIG_INVALID, 0.2)),
        phases=(Phase.GENERATE,),
    ),
    _LONG.rule(
        "what-was-said-is-forgotten",
        r"(?:forgets?|forgot|forgetting|loses track of|lost track of|does(?: not|n't) remember|can(?:not|'t) remember) [^\n]{0,50}(?:system prompt|instructions?|what (?:i|was|we|it)|context|said|conversation|chat|history|messages?)|(?:only|just) (?:reads?|sees?|uses?|processes|considers?|remembers?) (?:the )?(?:last|first|end|beginning|final|latest)\b|(?:documents?|files?|inputs?|prompts?|texts?) (?:get|gets|is|are|being) (?:cut(?: off)?|chopped|truncated)\b",
        0.72,
        also=((Category.CONFIG_INVALID, 0.3), (Category.GENERATE_NUMERIC, 0.25)),
        phases=(Phase.GENERATE,),
        unless=r"error:|exception|traceback|forget to ",
    ),
    # What NumPy warns of while an answer is made; while a model is converted it is a warning beside the cause.
    _NUMERIC.rule(
        "overflow-in-numpy",
        r"overflow encountered|invalid value encountered in (?:divide|true_divide|multiply|subtract|exp|sqrt|log|matmul)|divide by zero encountered",
        0.8,
        also=(_BAD, (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
        phases=(Phase.GENERATE, Phase.LOAD),
    ),
)
