"""Rules for the tokenizer and the chat template."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

_TOKENIZER = Group(
    Category.ARTIFACT_TOKENIZER,
    en="the tokenizer is missing or invalid",
    es="falta el tokenizador o no es válido",
)
_TEMPLATE = Group(
    Category.ARTIFACT_TOKENIZER,
    en="the chat template is missing or invalid",
    es="falta la plantilla de chat o no es válida",
)

_SKEWED = (Category.ARTIFACT_INCOMPATIBLE, 0.25)
_DEPENDENCY = (Category.HOST_MISSING_DEPENDENCY, 0.3)

RULES = (
    _TOKENIZER.rule(
        "unknown-pretokenizer",
        r"unknown pre-?tokenizer|pre-?tokenizer type|error loading model vocabulary|unknown (?:vocab|tokenizer) type|unknown tokenizer: |missing pre-tokenizer|pre-tokenizer was not recognized|unknown (?:normalizer|decoder|post-?processor|tokenizer model) type|unknown tokenizer class|cannot find tokenizer (?:merges|in model)",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.56),),
        unless=r"llama\.cpp error:|llamafile|lm ?studio|\"cause\"|errordata|jan\.ai|cortex|gpt4all|koboldcpp|app version|unknown pre-?tokenizer type: ?['\"`]?\w",
    ),
    _TOKENIZER.rule(
        "tokenizer-absent",
        r"cannot find any tokenizer|(?:couldn't|could not|cannot|can't|failed to|unable to) (?:load|open|read) [^\n]{0,160}tokenizer\.(?:model|json|bin)\b|can't load tokenizer|(?:could not|couldn't|failed to|unable to|cannot|can't) (?:load|instantiate|create|find|initiali[sz]e|parse|build|read|open|convert)[^\n]{0,60} tokenizer|tokenizer[^\n]{0,60}(?:not found|missing|does not exist|is not (?:found|valid|defined)|invalid|cannot be|could not|failed|mismatch|error|is none)|no tokenizer|tokenizer\.(?:json|model)[^\n]{0,80}(?:not found|no such|missing|cannot|does not)|(?:no such file|not found|cannot open|missing)[^\n]{0,120}(?:tokenizer(?:_config)?\.(?:json|model)|vocab\.(?:json|txt)|merges\.txt|sentencepiece\.bpe)|vocab(?:ulary)? (?:file )?(?:not found|missing|mismatch|size mismatch)|tokenizer class[^\n]{0,60}(?:does not exist|not (?:currently )?imported)|modelwrapper|did not match any variant of untagged enum|invalid tokenizer|unsupported tokenizer|tokenizerconfig|pretokenizertypewrapper|bpe_ranks|error loading (?:the )?(?:tokenizer|vocab)",
        0.84,
        also=(_DEPENDENCY, (Category.ARTIFACT_INCOMPATIBLE, 0.15), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.12)),
        unless=r"expected (?:null or )?instance of|sentencepiece installed|make(?:\[\d\])?: \*\*\*|requires the sentencepiece|no module named|getvocabsize|may not exist|already loaded|headers is not defined|fetch is not defined",
    ),
    _TOKENIZER.rule(
        "tokenizer-object",
        r"internal: unk|unk is not defined|token_table_|tokenizer object|tokenizers?\.(?:cc|py|rs)[^\n]{0,40}(?:error|fail)",
        0.58,
        also=(_SKEWED, (Category.GENERATE_NUMERIC, 0.25)),
        unless=r"make(?:\[\d\])?: \*\*\*",
    ),
    _TOKENIZER.rule(
        "sentencepiece",
        r"sentencepiece_processor|sentencepieceprocessor|parsefromarray|model_proto|load_tiktoken|non-consecutive added token|tiktoken[^\n]{0,60}(?:error|fail|convert)|converting from (?:tiktoken|sentencepiece)|from_slow|error parsing line|bpe model|token(?:s)?[^\n]{0,30}not (?:in|found in)[^\n]{0,20}vocab|out[- ]of[- ]vocab|unk_token|special_tokens_map|added_tokens|vocab_type|bytelevel|bos_token|eos_token|pad_token",
        0.68,
        also=(
            (Category.ARTIFACT_CORRUPT, 0.25),
            (Category.HOST_MISSING_DEPENDENCY, 0.25),
            (Category.ARTIFACT_INCOMPATIBLE, 0.2),
            (Category.CONFIG_INVALID, 0.15),
        ),
        unless=r"genai_config|using pad_token, but it is not set|not supported property",
    ),
    _TEMPLATE.rule(
        "chat-template",
        r"chat[_ ]template|unknown statement type|unknown \w{1,20} filter|expected closing statement|cannot apply filter|jinja2?\.?(?:exceptions)?|templateerror|templatesyntaxerror|undefinederror|minja|apply_chat_template|template (?:parse|syntax|render)\w* error",
        0.62,
        also=(
            (Category.CONFIG_INVALID, 0.35),
            (Category.ARTIFACT_INCOMPATIBLE, 0.25),
            (Category.HOST_MISSING_DEPENDENCY, 0.12),
        ),
        needs=r"error|fail|not|exception|invalid|must|cannot|unknown|expected",
        unless=r"must alternate|system message must|requires --jinja|path-like, but|raise_exception\(",
    ),
    _TOKENIZER.rule(
        "empty-in-metadata",
        r"tokenizer",
        0.42,
        also=(_SKEWED, (Category.ARTIFACT_CORRUPT, 0.2)),
        phases=(Phase.METADATA, Phase.LOAD, Phase.RESOLVE),
        needs=r"error|fail|invalid|not|missing|panic",
        wrapper=True,
    ),
    _TOKENIZER.rule(
        "tokenizer-parser",
        r"modelwrapper|untagged enum|(?:^|\n)(?:exception: )?(?:expected value|eof while parsing[^\n]{0,20}|key must be a string|missing field `\w{1,30}`|trailing characters) at line \d+ column \d+\s{0,9}$",
        0.62,
        also=((Category.ARTIFACT_CORRUPT, 0.45), (Category.ARTIFACT_INCOMPATIBLE, 0.15)),
        phases=(Phase.LOAD, Phase.METADATA),
        needs=r"exception: |modelwrapper|untagged enum",
    ),
    _TOKENIZER.rule(
        "tokenizer-field-undefined",
        r"cannot read propert(?:y|ies) (?:of|'?\w{0,20}'? of) (?:undefined|null)(?: \(reading '(?:replace|model|vocab|merges|type|added_tokens|normali[sz]er|decoder|tokenizer_class|length|get|has)'\))?",
        0.44,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.36), (Category.CONFIG_INVALID, 0.34)),
        phases=(Phase.METADATA,),
        runtimes=("transformers", "onnx"),
    ),
    # Of mlc-llm's own parts only the tokenizers are written in Rust.
    _TOKENIZER.rule(
        "tokenizers-panicked",
        r"panicked at (?:'[^\n']{0,200}', )?src[/\\]lib\.rs|panicked at [^\n]{0,160}tokenizers-?[\d.]{0,10}[/\\]|panicexception[^\n]{0,80}tokenizer|keyerror: ['\"]<\|?\w{1,20}\|?>['\"]",
        0.72,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.PROCESS_CRASHED, 0.2)),
    ),
    _TOKENIZER.rule(
        "check-in-tokenizer",
        r"check failed[^\n]{0,200}(?:unicode_codepoint|token_table|vocab_size|tokenizer)|tokenizers?[/\\](?:tokenizers?|\w*tokenizer\w*|sentencepiece\w*)\.(?:cc|cpp|h)[\", :]|tokenizers-cpp[/\\]|sentencepiece_processor\.cc|token_postproc",
        0.66,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.PROCESS_CRASHED, 0.15)),
        unless=r"cannot find|partial_update|getvocabsize|cmake|make(?:\[\d\])?: \*\*\*|cargo|gmake|ninja|linker",
    ),
    _TOKENIZER.rule(
        "method-of-tokenizer",
        r"tokenizer\w*' object has no attribute|tokenizer\.\w{1,40} is not a function",
        0.86,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3),),
    ),
    _TEMPLATE.rule(
        "no-chat-template",
        r"chat_template is not set|no chat template (?:is )?(?:defined|set|found|specified)|does not (?:have|define|include|contain) a chat[ _]template|default chat template is no longer allowed|missing (?:a )?chat[ _]template",
        0.92,
        also=((Category.CONFIG_INVALID, 0.4),),
    ),
    _TOKENIZER.rule(
        "vocabulary-file",
        r"(?:^|\n)typeerror: not a string\b|unknown tokenizer (?:format|version)|duplicated vocab\b|could not parse modelproto|addedvocabulary|missing \[?unk\]? token|tokenizer is present in|nor bytefallback decoder|unable to load vocabulary|error while reading bpe files|merges(?: text)? file[^\n]{0,20}invalid|vocab_file[^\n]{0,30}(?:none|not|missing)|precompiled[_ ]?charsmap|in precompiled|newline token not found|spm vocabulary|byte tokens? (?:is |are )?(?:missing|not found)|id_to_token\.size\(\)|token_to_id|bad vocab|vocab does not have|assert max\(tokenizer|key not found in model: tokenizer\.|invalid vocab\w*|vocab(?:ulary)?[^\n]{0,20} is (?:empty|invalid)|does not (?:include|contain|have) a tokenizer",
        0.92,
        also=((Category.ARTIFACT_CORRUPT, 0.2), (Category.ARTIFACT_INCOMPATIBLE, 0.25)),
        unless=r"no module named",
    ),
    _TOKENIZER.rule(
        "token-beyond-embedding",
        r"token id \d+ is out of vocabulary|srcindex < srcselectdimsize|grammar bitmask to be size|vocab(?:_| )?size[^\n]{0,60}(?:does not match|mismatch|differs?|different)",
        0.72,
        also=(
            (Category.CONFIG_INVALID, 0.42),
            (Category.ARTIFACT_INCOMPATIBLE, 0.3),
            (Category.PROCESS_CRASHED, 0.3),
        ),
    ),
    # The tokenizers' library is written in Rust and unwraps what its parser says.
    _TOKENIZER.rule(
        "parser-unwrapped",
        r"result::unwrap\(\)` on an `err` value: error\(\"",
        0.84,
        also=((Category.ARTIFACT_CORRUPT, 0.4),),
        runtimes=("web-llm", "mlc", "transformers"),
    ),
    _TOKENIZER.rule(
        "bytes-of-tokens-shown",
        r"\[unk_byte_0x|<0x[0-9a-f]{2}>[^\n]{0,40}<0x[0-9a-f]{2}>",
        0.72,
        also=((Category.GENERATE_NUMERIC, 0.5),),
        phases=(Phase.GENERATE,),
    ),
    # A row that the table of embeddings does not have: of a word or of a position.
    _TOKENIZER.rule(
        "row-beyond-embedding",
        r"index out of range in self",
        0.5,
        also=((Category.GENERATE_CONTEXT_OVERFLOW, 0.5), (Category.CONFIG_INVALID, 0.25)),
    ),
    _TEMPLATE.rule(
        "template-of-go",
        r"template: [^\n:]{0,40}:\d+(?::\d+)?: (?!no such)|function \"\w{1,30}\" not defined",
        0.66,
        also=((Category.CONFIG_INVALID, 0.45), (Category.ARTIFACT_INCOMPATIBLE, 0.3)),
        runtimes=("ollama", "llama"),
    ),
    # A table with more rows than any context has positions is that of the words.
    _TOKENIZER.rule(
        "row-beyond-table",
        r"indices element out of data bounds",
        0.44,
        also=(
            (Category.GENERATE_CONTEXT_OVERFLOW, 0.42),
            (Category.CONFIG_INVALID, 0.3),
            (Category.UNKNOWN, 0.2),
        ),
        unless=r"inclusive range \[-\d{3,4},",
    ),
    _TOKENIZER.rule(
        "tokenizer-file-not-in-repository",
        r"tokenizer(?:_config)?\.(?:json|model)[\"'`]* (?:was |is )?(?:not found|missing|absent|does not exist)|(?:did|does|do) not have (?:a |any )?tokenizer|can't load tokenizer|cannot find any tokenizer|\btokenizer (?:was )?not found|without (?:a |any )?tokenizer\.(?:json|model)|tokenizer(?:\.json)? (?:would |will )?(?:segfault|crash)",
        0.92,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.4),),
        unless=r"sentencepiece installed",
    ),
    _TOKENIZER.rule(
        "vocabulary-not-read",
        r"(?:cannot find|missing|not found|lacks|no)[^\n]{0,20}tokenizer\.ggml\.|tokenizer\.ggml\.\w{2,30}['\"`]? (?:is )?(?:missing|not found|invalid|empty)|(?:could not|couldn't|failed to|unable to|cannot|can't) (?:load|read|open|parse|find|build) (?:the )?(?:\w{1,20} )?vocab(?:ulary)?\b|sentencepiece\.modelproto|sentencepiece[^\n]{0,30} (?:is null|failed|error|invalid)|_special_tokens\b[^\n]{0,60}(?:error|attribute)|attribute[^\n]{0,60}_special_tokens\b|special tokens? (?:is|are|was|were) (?:missing|wrong|not (?:set|found|defined))",
        0.84,
        also=((Category.ARTIFACT_CORRUPT, 0.25), (Category.ARTIFACT_INCOMPATIBLE, 0.25)),
        unless=r"no module named",
    ),
    # What should end an answer is printed in it: the tokenizer or the template does not know it.
    _TEMPLATE.rule(
        "sign-of-end-shown",
        r"(?:print|output|show|display|append|contain|includ|leak|generat|see|saw|return|end)\w{0,4} (?:a |the |an |with |many |lots of |random |extra |literal )*[\"'`]?(?:<\|[a-z_]{2,20}\|>|<end_of_turn>|<start_of_turn>|</?s>|\[/?inst\]|<\|im_)|(?:<\|[a-z_]{2,20}\|>|<end_of_turn>|</s>|\[/inst\])[\"'`]? (?:\w{1,12} )?(?:show|appear|printed|in (?:the )?(?:output|answer|response|reply))|special tokens? [^\n]{0,40}(?:show|appear|printed|leak|visible|in (?:the )?(?:output|answer|response|reply))",
        0.66,
        also=((Category.GENERATE_NUMERIC, 0.56), (Category.CONFIG_INVALID, 0.25)),
        phases=(Phase.GENERATE,),
    ),
    _TEMPLATE.rule(
        "template-not-run",
        r"got undefinedvalue|unknown test: |(?:error |while )rendering (?:the )?(?:prompt|chat|template)|(?:prompt|chat|jinja) template[^\n]{0,40}(?:error|fail|invalid|unsupported|unexpected)|error in (?:the )?(?:prompt|chat|jinja) template",
        0.82,
        also=((Category.CONFIG_INVALID, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.25)),
        unless=r"must alternate|system message must",
    ),
    # What the tokenizer gave is no number: a word that its table does not have.
    _TOKENIZER.rule(
        "word-without-number",
        r"cannot convert undefined to a bigint|no entry found for key|input_ids[^\n]{0,80}(?:undefined|nan\b|none)",
        0.82,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.PROCESS_CRASHED, 0.15)),
    ),
    # Tokenizers split text by expressions that not every library for these can read.
    _TOKENIZER.rule(
        "expression-of-tokenizer",
        r"invalid perl operator|re2[^\n]{0,60}error parsing|failed to (?:parse|compile) (?:the )?(?:regex|pattern|regular expression)|pcre2?[^\n]{0,40}(?:error|fail)|\\p\{l\}\+?[^\n]{0,200}(?:error|invalid|fail)|(?:error|invalid|fail)[^\n]{0,100}\\p\{l\}",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.35), (Category.HOST_MISSING_DEPENDENCY, 0.15)),
        unless=r"grammar|schema|grep",
    ),
    # The engine's own small template language lacks a word that the template uses.
    _TEMPLATE.rule(
        "template-not-there-or-not-understood",
        r"template error: |template_error|\btemplate not found\b|value is not callable: null|unknown method: \w|unknown (?:filter|test|function)(?: or \w{1,12})? ['\"`:]|failed to (?:parse|apply|render|compile) (?:the )?(?:chat |jinja |prompt )?template|expected closing (?:quote|bracket|brace|tag|parenthesis)|unterminated (?:block|tag|comment|expression)|jinja[^\n]{0,60}(?:undefined|unexpected|error|fail)",
        0.84,
        also=((Category.CONFIG_INVALID, 0.4), (Category.ARTIFACT_INCOMPATIBLE, 0.3)),
        unless=r"must alternate|system message must|raise_exception|shell|bash",
    ),
    _TOKENIZER.rule(
        "token-not-in-table",
        r"no \S{1,16} token in (?:the )?vocab|cannot find '[^'\n]{0,20}' in the vocab|piece id is out of range|error (?:while )?loading [\w ]{0,20}tokenizers?\b|token \S{1,30} (?:is )?not (?:in|found in) (?:the )?(?:vocab|tokenizer)|tokenizer[^\n]{0,60} returns? (?:undefined|null|none|an empty)|'tokenizer\.(?:model|json)': none",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.ARTIFACT_CORRUPT, 0.15)),
    ),
    _TOKENIZER.rule(
        "tables-of-tokenizer",
        r"expected added token ids to be sequential|(?:model|tokenizer) has -?\d+(?: tokens)?,? but|vocab_size[^\n]{0,40}(?:greater|smaller|larger|less|differ|!=)|not nonetype[^\n]{0,60}(?:vocab_file|sentencepiece|merges)|nonetype[^\n]{0,60}(?:has no attribute 'encode'|vocab_file|merges_file)|missing field `(?:pre_tokenizer|normalizer|decoder|added_tokens|vocab|merges|post_processor)`|unordered_map::at[^\n]{0,80}(?:token|vocab)|(?:token|vocab)[^\n]{0,80}(?:unordered_map::at|out_of_range|invalid vector subscript|map::at)|backend tokenizer from one of",
        0.86,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.HOST_MISSING_DEPENDENCY, 0.2)),
        unless=r"out of memory",
    ),
    _TEMPLATE.rule(
        "field-that-template-lacks",
        r"executing \"[^\"\n]{0,40}\" at <\.\w|can't evaluate field \w|jinja2\.exceptions\.undefinederror|undefinederror: '[^'\n]{1,60}' (?:object )?(?:has no|is undefined)",
        0.74,
        also=((Category.CONFIG_INVALID, 0.45), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _TOKENIZER.rule(
        "tokenizer-of-no-known-kind",
        r"mismatch in special tokens definition[^\n]{0,80}(?:assert|fail|error)|could not (?:automatically )?map [^\n]{1,60} to a tokeni[sz]er|(?:failed|unable) to create tokenizer\b|unable to (?:recogni[sz]e|detect|determine) [^\n]{0,60}tokenizer|failed to (?:init\w*|load|create|build|parse) (?:the )?(?:\w{1,16} )?tokenizer\b|convert_tokens_to_ids|unsupported (?:tokenizer )?model type (?:unigram|bpe|wordpiece|wordlevel)|vocab\.(?:json|txt|bpe)[^\n]{0,40}(?:duplicate|invalid|malformed|broken)",
        0.8,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.35), (Category.ARTIFACT_CORRUPT, 0.2)),
        unless=r"no module named|sentencepiece installed",
    ),
    # The words leave no doubt.
    _TOKENIZER.rule(
        "tokenizer-and-nothing-else",
        r"variant of untagged enum (?:modelwrapper|pypretokenizer|pretokenizer|decoder|normalizer|postprocessor)|tokenizer class \S{2,40} does not exist|cannot find tokenizer merges|bpe pre-tokenizer was not recognized|can't load tokenizer for|vocab size mismatch|non-consecutive added token|couldn't instantiate the backend tokenizer|unsupported(?:tokenizer\(| tokenizer(?: type| class|:))",
        0.95,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2),),
        unless=r"sentencepiece installed|no module named|connection|offline|timed? ?out",
    ),
    _TOKENIZER.rule(
        "parts-of-another-shape",
        r"cannot be converted to 'py(?:dict|list|string)'|argument '(?:vocab|merges|tokens|added_tokens)':|model type[^\n]{0,20} in tokenizer\.json|tokenizer\.json[^\n]{0,60}(?:model type|unknown type|null)",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.4),),
        needs=r"vocab|merges|token",
    ),
    _TOKENIZER.rule(
        "vocabulary-file-not-found",
        r"(?:vocab|merges|spiece|sentencepiece|tokenizer|special_tokens_map|added_tokens)\.(?:txt|json|model|bpe|bin)['\"`]? (?:was |is |could )?(?:not (?:found|there|be found)|missing|absent)|(?:no|missing) (?:vocab|merges|spiece|sentencepiece)\.(?:txt|json|model|bpe)",
        0.88,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.35),),
    ),
    _TOKENIZER.rule(
        "pretokenizer-by-name",
        r"unknown pre-?tokenizer type: ?['\"`]?\w",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.56),),
        without=("llama",),
        unless=r"llama\.cpp error:|llamafile|lm ?studio|\"cause\"|errordata|jan\.ai|cortex|gpt4all|koboldcpp|app version",
    ),
)
