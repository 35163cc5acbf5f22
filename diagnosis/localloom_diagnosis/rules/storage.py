"""Rules for storage: full, over its quota, or not ours to write."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category

from .rule import Group

_FULL = Group(
    Category.STORAGE_QUOTA_OR_DISK_FULL,
    en="the disk or the browser's storage is full",
    es="el disco o el almacenamiento del navegador está lleno",
)
_DENIED = Group(
    Category.STORAGE_PERMISSION,
    en="the system does not allow the access to a file or folder",
    es="el sistema no permite el acceso a un archivo o carpeta",
)

_NODE = Group(
    Category.GPU_UNSUPPORTED,
    en="the system does not let the program open the GPU's device",
    es="el sistema no deja que el programa abra el dispositivo de la GPU",
)
_OUTPUT = Group(
    Category.CONFIG_INVALID,
    en="the file to be written could not be opened at the path given",
    es="no se pudo abrir el archivo de salida en la ruta indicada",
)

RULES = (
    _FULL.rule(
        "disk-full",
        r"no space left|0x80070070\b|0x80070027\b|kind: storagefull|os \{ code: 28\b|no (?:more |free )?space (?:on|in) (?:the )?(?:device|disk|drive)|\benospc\b|disk (?:is )?full|not enough (?:free )?(?:disk |storage )?space|insufficient (?:free )?(?:disk|storage)(?: space)?|insufficient (?:free )?space(?! in the (?:kv|context|buffer|cache))|there is not enough space|errno 28\b|os error 28\b|os error 112\b|winerror 112\b|not enough (?:disk|storage)|out of (?:disk )?space|(?:low|ran out|run out|lack) (?:on |of )?(?:disk|storage)|(?:no|free up|more|without|lack of|running out of)[^\n]{0,20} disk space|disk space[^\n]{0,30}(?:low|insufficient|not enough|exhaust|full|error)|disk quota|edquot|errno 122|file too large|errno 27\b|efbig|storage (?:is )?full|exceeds (?:available|free) (?:disk|storage)|device is full|no \w{1,20} has enough (?:free )?(?:disk|storage)|(?:do|does)(?: not|n't) have enough (?:free )?(?:disk|storage)|ios_base::failure[^\n]{0,60}iostream error|\b\d{4,} requested and \d{1,20} written|unexpected pos \d+ vs \d+|streamwriter failed writing|nsfilewriteoutofspace|volume is out of space",
        0.95,
        unless=r"ggml_\w+: not enough|assertion|not enough space in the (?:context|buffer|scratch)|out of memory: not enough space",
    ),
    _FULL.rule(
        "browser-quota",
        r"quotaexceeded\w*|quota (?:has been |was |is )?exceeded|exceeded (?:the |its |your )?(?:storage |disk )?quota|quota ?exceeded|ns_error_dom_quota|ns_error_file_no_device_space|file_error_no_space|exceed(?:s|ed)?[^\n]{0,30}quota|storage quota|unexpected internal error[^\n]{0,40}cache|ns_error_file_too_big",
        0.93,
        unless=r"rate limit|429|api key|billing|api quota",
    ),
    _FULL.rule(
        "cache-put-unknown",
        r"failed to execute '(?:put|add|open|addall)' on 'cache(?:storage)?': (?:unexpected internal error|unknownerror|an unknown|unexpected)|unknownerror: (?:failed|unexpected|internal)|error (?:opening|looking up) (?:indexeddb|cache)|internal error (?:opening|in) (?:backing store|indexeddb)|backing store for indexeddb|database connection is closing|idbdatabase|cache storage[^\n]{0,40}(?:fail|error)",
        0.55,
        also=((Category.STORAGE_PERMISSION, 0.35), (Category.NETWORK_UNREACHABLE, 0.2)),
    ),
    _FULL.rule(
        "write-failed",
        r"unable to write file|unable to checkout working tree|write (?:error|failed)|failed to write|could not write|cannot write|error writing|short write",
        0.5,
        also=((Category.STORAGE_PERMISSION, 0.38), (Category.NETWORK_UNREACHABLE, 0.08)),
        unless=r"smudge|oid|metadata section|broken pipe",
    ),
    _DENIED.rule(
        "permission-denied",
        r"permission ?denied|permissionerror|0x80070005\b|\be_accessdenied\b|\beacces\b|\beperm\b|errno 13\b|os error 13\b|operation not permitted|access (?:is )?denied|winerror 5\b|os error 5\)|errno 1\] operation|read-only file ?system|\berofs\b|errno 30\b|not writ(?:e)?able|permission error|access to the path[^\n]{0,200}denied|unauthorizedaccessexception|insufficient permissions?|do(?:es)? not have (?:write |read )?permissions?|no write (?:access|permission)",
        0.94,
        also=((Category.CONFIG_INVALID, 0.08), (Category.GPU_UNSUPPORTED, 0.05)),
        unless=r"publickey|requires? approval|\b40[13]\b[^\n]{0,40}denied|access_?denied</code>|/dev/kfd|/dev/dri|/dev/nvidia|unexpected return code from nvidia|connecterror|submit gpu work|backgroundexecutionnotpermitted|cannot enable executable stack",
    ),
    # The card's own node: whoever may not open it has no card.
    _NODE.rule(
        "device-node-denied",
        r"/dev/(?:kfd|dri|nvidia|nvhost|nvmap|accel|davinci|mali|kgsl|xdna)[^\n]{0,80}(?:denied|permission|not permitted)|(?:denied|permission|not permitted)[^\n]{0,80}/dev/(?:kfd|dri|nvidia|nvhost|nvmap|accel|davinci|mali|kgsl|xdna)",
        0.93,
        also=((Category.STORAGE_PERMISSION, 0.6), (Category.CONFIG_INVALID, 0.2)),
    ),
    _DENIED.rule(
        "file-in-use",
        r"being used by another process|winerror 32\b|os error 32\b|sharing violation|ebusy|text file busy|could not acquire lock|lock(?:ed)? by another|winerror 1314|required privilege is not held|winerror 4551|application control policy|cannot create symbolic link|winerror 17\b|invalid cross-device|nomodificationallowederror|access handles? cannot be created|stale file handle|errno 116\b|another (?:tab|instance|process) (?:is )?(?:already )?(?:using|holding|has)",
        0.84,
        also=((Category.CONFIG_INVALID, 0.15),),
    ),
    _DENIED.rule(
        "browser-storage-denied",
        r"securityerror|the operation is insecure|notallowederror|storage (?:access )?(?:is )?(?:denied|disabled|blocked|not allowed)|access to (?:storage|caches|indexeddb)[^\n]{0,40}(?:denied|not allowed)|a mutation operation was attempted on a database that did not allow|cookies (?:are )?(?:disabled|blocked)|browser cache is not available|cache is not available in this environment|insecure (?:context|origin)|break through the security policy|(?:opfs|indexeddb|cache ?storage|caches|localstorage|file system access)\b[^\n]{0,40}(?:unavailable|disabled|not (?:available|supported|allowed))|deny\(\d\) file-|sandbox[^\n]{0,40}(?:den(?:y|ied)|violation)|no supported storage backend|crypto\.subtle[^\n]{0,30}(?:unavailable|undefined|not available)|storage api returned no handle|notreadableerror|permission problems that have occurred",
        0.72,
        also=((Category.CONFIG_INVALID, 0.35), (Category.NETWORK_BLOCKED, 0.2)),
        unless=r"construct '?(?:shared)?worker|cannot be accessed from origin",
    ),
    _FULL.rule(
        "curl-could-not-write",
        r"curl: \(23\)|failure writing output|failed writing (?:body|received data)|there is no space|errno=28|write failed[^\n]{0,20}no space|not enough room",
        0.72,
        also=((Category.STORAGE_PERMISSION, 0.3),),
    ),
    _DENIED.rule(
        "not-trusted",
        r"developer cannot be verified|cannot be opened because (?:the developer|apple|it is from)|unidentified developer|apple (?:could not|cannot) (?:verify|check)|is damaged and can.t be opened|library validation|code signature|not valid for use in process|com\.apple\.quarantine|blocked by (?:windows|smartscreen|group policy|applocker|an? (?:application|administrator))|windows protected your pc|virus or potentially unwanted|threat (?:found|blocked)|quarantined|noexec|selinux|avc: +denied|apparmor",
        0.8,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.15), (Category.ARTIFACT_INCOMPATIBLE, 0.12)),
    ),
    _DENIED.rule(
        "storage-not-there",
        r"caches is not defined|'caches' is not defined|can't find variable: caches|caches is undefined|reading '(?:open|match)'\)[^\n]{0,40}\n?[^\n]{0,40}\bcaches\b",
        0.88,
        also=((Category.CONFIG_INVALID, 0.5), (Category.NETWORK_BLOCKED, 0.1)),
    ),
    _DENIED.rule(
        "key-not-readable",
        r"ssh: no key found|no such host key|id_ed25519[^\n]{0,60}(?:denied|no such|not)|could not read (?:private |ssh )?key",
        0.5,
        also=((Category.CONFIG_INVALID, 0.4), (Category.NETWORK_BLOCKED, 0.3)),
    ),
    # A folder or a file that cannot be made says so in many ways; why is seldom added.
    _DENIED.rule(
        "not-created",
        r"(?:failed|unable|cannot|can't|could not|couldn't|error)[^\n]{0,12} (?:to )?(?:creat(?:e|ing)|mak(?:e|ing)|open(?:ing)?) (?:the )?(?:local |cache |temp\w* |output |model |lock |log )?(?:directory|dir|folder|cache|(?:local )?file for writing|lock ?file)|mkdir [^\n]{1,160}: (?:operation not supported|not supported|read-only|invalid argument|not a directory|file exists)|(?:file ?name|path) too long|errno 36\b|(?:problem|error|trouble) (?:when |while )?trying to write|to a writable directory|directory already exists|no such device \(os error 19\)",
        0.78,
        also=((Category.STORAGE_QUOTA_OR_DISK_FULL, 0.25), (Category.CONFIG_INVALID, 0.2)),
        unless=r"no space|disk (?:is )?full|quota|errno 28\b|graph cache|kv cache|prompt cache|cache manager|shader cache|vk_|pipeline cache",
    ),
    # Writing began and did not go on: what was to be written is longer than what is left of the disk.
    _FULL.rule(
        "write-broke-off",
        r"error (?:writing|closing|flushing)(?: to)? (?:the )?(?:local )?file|(?:failed|unable|cannot|could not)[^\n]{0,12} (?:flush|extract [^\n]{0,80}decompress)|decompression resulted in return code -1|failed to extract [^\n]{1,80}: (?:decompression|fwrite|fopen|write)",
        0.72,
        also=((Category.STORAGE_PERMISSION, 0.4), (Category.ARTIFACT_CORRUPT, 0.15)),
    ),
    # A folder that is not there, a disk that is full: the stream of C++ says the same of both.
    _OUTPUT.rule(
        "stream-of-output",
        r"basic_ios::clear: iostream error|basic_ios::clear: unspecified",
        0.56,
        also=((Category.STORAGE_QUOTA_OR_DISK_FULL, 0.52), (Category.STORAGE_PERMISSION, 0.2)),
        needs=r"quantiz",
        unless=r"no space left",
    ),
    _FULL.rule(
        "stream-not-written",
        r"basic_ios::clear: iostream error",
        0.84,
        also=((Category.CONFIG_INVALID, 0.3), (Category.STORAGE_PERMISSION, 0.2)),
        unless=r"quantiz",
    ),
    # A shard that is not in the browser's store after it was put there: the store took no more.
    _FULL.rule(
        "shard-not-kept",
        r"artifactindexeddbcache failed to fetch",
        0.72,
        also=((Category.NETWORK_UNREACHABLE, 0.42), (Category.ARTIFACT_CORRUPT, 0.12)),
        unless=r"cors|err_|econn|\b40[134]\b|\b50[0-4]\b",
    ),
    # A shell says 126 where the file is there and may not be executed.
    _DENIED.rule(
        "not-executable",
        r"(?:exit(?:ed|s)?(?: with)?|return(?:ed)?|terminated with)(?: (?:code|status|exit code|exit status))?:? 126\b|exit(?:code|status)[=:] ?126\b|exec format error[^\n]{0,40}denied|spawn [^\n]{1,160} eacces|fork/exec [^\n]{1,200}: permission denied",
        0.95,
        also=((Category.PROCESS_CRASHED, 0.25), (Category.CONFIG_INVALID, 0.15)),
    ),
    _DENIED.rule(
        "only-allowed-paths",
        r"without `?--allowed-local|not in (?:the )?allowed (?:paths?|director\w+|folders?)|path (?:is )?not allowed|not allowed to load local resource|outside (?:of )?(?:the )?allowed",
        0.6,
        also=((Category.CONFIG_INVALID, 0.5),),
    ),
    _FULL.rule(
        "browser-cache-not-written",
        r"err_cache_\w+|failed to execute 'put' on 'cache': unexpected internal error|err_file_no_space|encountered full disk|full disk while",
        0.6,
        also=((Category.NETWORK_UNREACHABLE, 0.3), (Category.UNKNOWN, 0.2)),
    ),
    _FULL.rule(
        "disk-counted",
        r"\b\d{1,6}(?:\.\d{1,3})? ?[kmgt]i?b\b[^\n]{0,40} (?:available|free|left|remaining) (?:on|in) (?:the |your )?(?:disk|drive|device|storage|volume|partition|/)|\b(?:disk|drive|storage|ssd|hard disk|partition|volume|sd card)s? (?:[\w:]{1,12} )?(?:is |was |are |gets |got |ran |runs |almost |completely |nearly )+(?:full\b|out of (?:free )?space)|\bfat32\b|at least [\d.]+ ?[gt]i?b (?:of )?(?:free )?(?:disk|storage|space)",
        0.82,
        also=((Category.STORAGE_PERMISSION, 0.1), (Category.CONFIG_INVALID, 0.15)),
        unless=r"vram|gpu memory|\bram\b",
    ),
    _FULL.rule(
        "browser-store-gave-up",
        r"without an in-progress transaction|connection to indexed database server lost|error committing transaction|failed to write blobs|error creating records? in|indexeddb[^\n]{0,40}(?:full|limit|too large)|cache storage[^\n]{0,40}(?:full|fills? up|limit)|(?:browser|chrome|firefox|safari|incognito|private)[^\n]{0,40}(?:limits? (?:the |its )?(?:storage|cache)|storage limit)|(?:incognito|private) (?:mode|window)[^\n]{0,60}(?:stor\w+|cache)",
        0.64,
        also=((Category.STORAGE_PERMISSION, 0.4), (Category.UNKNOWN, 0.15)),
        unless=r"insecure|denied",
    ),
    # The same in the languages in which many people write.
    _FULL.rule(
        "full-in-other-languages",
        r"(?:磁盘|硬盘|存储|空间|磁碟)(?:空间)?(?:不足|已满|不够|满了)|(?:ディスク|ストレージ|容量)[^\n]{0,6}(?:不足|いっぱい)|디스크 공간|저장 공간이 부족|espacio (?:en|de) (?:el )?disco|(?:disco|almacenamiento) (?:est[áa] )?lleno|nicht gen(?:ug|ügend) (?:freier )?(?:speicherplatz|platz auf)|festplatte (?:ist )?voll|datenträger (?:ist )?voll|espace disque insuffisant|disque plein|espaço em disco|disco cheio|недостаточно места|диск заполнен",
        0.9,
    ),
    _DENIED.rule(
        "denied-in-other-languages",
        r"(?:拒绝|拒絕)(?:了)?(?:访问|存取|訪問)|(?:没有|沒有|无|無)(?:写入|读取|访问|文件)?权限|权限(?:不足|不够|被拒绝)|アクセス(?:が)?拒否|(?:アクセス)?権限がありません|액세스가 거부|권한이 (?:없|거부)|acceso denegado|permiso denegado|zugriff verweigert|keine berechtigung|accès refusé|permission non accordée|acesso negado|permissão negada|отказано в доступе|доступ запрещ",
        0.86,
        also=((Category.NETWORK_BLOCKED, 0.2),),
    ),
    _DENIED.rule(
        "guard-of-the-system",
        r"gatekeeper|smart ?app ?control|(?:windows )?defender[^\n]{0,60}(?:block|quarantin|delet|remov|flag)|antivirus[^\n]{0,60}(?:delet|remov|quarantin|flag|block)|(?:deleted|removed|flagged|blocked) by (?:windows )?(?:defender|antivirus|anti-virus)|(?:folder|file|directory|volume|cache\w*) (?:is |was |are )?(?:owned by root|root-owned|read-?only)|root-owned|(?:cannot|can't|could not|couldn't|unable to|not able to) write (?:to|into|in)\b|no (?:right|permission)s? to (?:read|write|open|access|execute)",
        0.78,
        also=((Category.CONFIG_INVALID, 0.2), (Category.NETWORK_BLOCKED, 0.1)),
        unless=r"too large|connection|download blocked|no space|disk full",
    ),
    _DENIED.rule(
        "ownership-doubted",
        r"dubious ownership|unsafe repository|safe\.directory",
        0.66,
        also=((Category.CONFIG_INVALID, 0.5),),
    ),
    # Platforms of small programs count what each may keep.
    _FULL.rule(
        "share-of-storage-used-up",
        r"exceed\w*[^\n]{0,16} (?:storage|file system|disk)[^\n]{0,12}(?:max\w*|limit|size)|(?:storage|disk|cache) (?:limit|capacity|maximum)[^\n]{0,16}(?:reached|exceeded|hit)|\bout of (?:disk|storage)(?: space)?\b|maximum (?:size|amount) of (?:the )?(?:file ?list|storage|cache)[^\n]{0,16}(?:reached|exceeded)|the maximum size of the file storage",
        0.86,
        also=((Category.CONFIG_INVALID, 0.15),),
        unless=r"\bkv\b|kv_?cache|context|token|\bram\b|vram|gpu",
    ),
    # What a phone's system asks its owner.
    _DENIED.rule(
        "permission-not-given",
        r"(?:storage|files?|media|folder|disk|photos?|external storage|all files)(?: access)? permissions? (?:\w{1,12} ){0,4}(?:denied|required|needed|granted|missing|given|revoked|rejected|refused|asked)|permissions? (?:\w{1,12} ){0,3}(?:given|granted|enabled|allowed)[^\n]{0,40} settings|(?:requires?|needs?|required|lacks?|missing|without|no) (?:the |a )?(?:storage|file|files|media|external storage|read_external_storage|write_external_storage|manage_external_storage|all files)(?: and media)?(?: access)? permissions?|(?:read|write|manage)_external_storage|nscocoaerrordomain[^\n]{0,16}(?:257|513)\b",
        0.82,
        also=((Category.CONFIG_INVALID, 0.2),),
        unless=r"/dev/(?:kfd|dri)",
    ),
    # Packages that the system keeps in a box of their own.
    _DENIED.rule(
        "kept-in-a-box",
        r"\b(?:snap|flatpak|app ?sandbox|app container|appcontainer)\b[^\n]{0,60}(?:confine\w*|restrict\w*|permission|no access|cannot access|can't access|can't read|cannot read|prevent\w*|not allowed)|os \{ code: 13\b",
        0.76,
        also=((Category.CONFIG_INVALID, 0.25), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.15)),
    ),
)
