"""What each category indicates and what to do, in Spanish."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category

from .line import SMALLER_MODEL, Book, Line, Words

_WEB = ("web-llm", "webllm", "transformers.js", "onnxruntime")
_OWN = ("tvm", "mlc", "web-llm", "webllm")
_SMALLER = Line("Pruebe el modelo más pequeño {model.smaller}.")
_SMALLEST = Line(f"Pruebe un modelo más pequeño, como {SMALLER_MODEL}, o una cuantización más fuerte.")


def _words(summary: tuple[str, ...], *remedies: Line | str) -> Words:
    return Words(
        tuple(Line(text) for text in summary),
        tuple(Line(item) if isinstance(item, str) else item for item in remedies),
    )


SPANISH: Book = {
    Category.NETWORK_UNREACHABLE: _words(
        (
            "No se pudo llegar a {http.host}: {http.error}.",
            "No se pudo llegar a {http.host}.",
            "No se pudo llegar a un servidor del que vienen el modelo o sus archivos.",
        ),
        "Revise la conexión con {http.host}: resolución de nombres, rutas y si está en servicio.",
        "Compruebe que el equipo está en línea y que su DNS responde; después repita la sonda: lo ya descargado se conserva.",
        Line(
            "Compruebe que el servidor del modelo está en marcha y escucha en la dirección que usa el cliente.",
            runtimes=("ollama", "llama", "vllm"),
        ),
        Line(
            "En el navegador, mire la petición en la pestaña Red de las herramientas de desarrollo: la que falla sin estado se detuvo en el camino, por la conexión, un cortafuegos, un antivirus, un bloqueador de anuncios o las reglas de origen (CORS).",
            runtimes=_WEB,
        ),
        "Sin red, use un modelo que ya esté en el equipo, por su carpeta.",
    ),
    Category.NETWORK_BLOCKED: _words(
        (
            "{http.host} rechazó la petición con el estado {http.status}.",
            "{http.host}, o algo en el camino, rechazó la petición.",
            "La petición fue rechazada: por el servidor (credenciales, licencia), un proxy, un cortafuegos, la comprobación del certificado o las reglas de origen del navegador.",
        ),
        "Si el modelo es restringido o privado, acepte su licencia en su página e inicie sesión (`hf auth login`, o HF_TOKEN) con un token que pueda leerlo.",
        "Detrás de un proxy defina HTTPS_PROXY; con un certificado de empresa, SSL_CERT_FILE y REQUESTS_CA_BUNDLE.",
        Line(
            "En el navegador, el servidor debe enviar Access-Control-Allow-Origin para el origen de la página, y connect-src de la política de seguridad debe nombrarlo.",
            runtimes=_WEB,
        ),
        Line(
            "Defina OLLAMA_ORIGINS con el origen de la página si una página web llama a Ollama.",
            runtimes=("ollama",),
        ),
    ),
    Category.NETWORK_HTTP_ERROR: _words(
        (
            "{http.host} respondió con el estado {http.status} a {http.url}.",
            "{http.host} respondió con el estado {http.status}.",
            "El servidor respondió con el estado {http.status}.",
            "El servidor respondió con un estado de error a la petición de un archivo.",
        ),
        "Mire {http.url}: 404 es un archivo que no existe, 429 pide esperar, 5xx es culpa del servidor.",
        "Con 429 o 5xx espere y repita; iniciar sesión en el repositorio sube su límite de peticiones.",
        "Con 404 compruebe el id y la revisión del modelo, y que esta versión del motor busca archivos que el repositorio tiene.",
    ),
    Category.NETWORK_TIMEOUT: _words(
        (
            "{http.host} no respondió en {limit.seconds} s.",
            "{http.host} no respondió a tiempo.",
            "Un servidor no respondió a tiempo, o su transferencia se detuvo.",
        ),
        "Repita: lo ya descargado se conserva y la transferencia continúa desde ahí.",
        "Revise el camino a {http.host}: un proxy o cortafuegos que descarta paquetes se ve así.",
        "Con una línea lenta descargue antes el modelo (`hf download MODELO`) y use su carpeta, o suba el tiempo límite (HF_HUB_DOWNLOAD_TIMEOUT).",
    ),
    Category.STORAGE_QUOTA_OR_DISK_FULL: _words(
        (
            "En {disk.path} quedan {disk.free} y hacen falta {disk.needed}.",
            "{disk.path} está lleno (quedan {disk.free}).",
            "El disco, o el almacenamiento que el navegador concede a este sitio, está lleno.",
        ),
        "Libere al menos {disk.needed} en {disk.path}, o lleve la caché a un disco mayor.",
        Line(
            "En el navegador, salga de la ventana privada, libere disco y borre los modelos de este sitio que no use (ajustes del sitio, almacenamiento).",
            runtimes=_WEB,
        ),
        Line(
            "Borre los modelos que no use, o lleve la caché (HF_HOME, MLC_LLM_HOME, OLLAMA_MODELS, TMPDIR) a un disco mayor.",
            without=_WEB,
        ),
        _SMALLER,
        _SMALLEST,
    ),
    Category.STORAGE_PERMISSION: _words(
        (
            "El sistema no permite el acceso a {disk.path}.",
            "El sistema no permite el acceso a {artifact.file}.",
            "El sistema no permite el acceso a un archivo, una carpeta o el almacenamiento del navegador.",
        ),
        "Dé al usuario que ejecuta el programa permiso de lectura y escritura en {disk.path}.",
        "Revise dueño y permisos de las carpetas de caché y modelo y de todas las que están por encima; un servicio puede usar otro usuario.",
        Line(
            "Sirva la página desde https o localhost y permita el almacenamiento del sitio: en otro caso no existe la API Cache.",
            runtimes=_WEB,
        ),
        "En Windows cierre el programa que tiene abierto el archivo, y excluya la carpeta del antivirus.",
    ),
    Category.ARTIFACT_MODEL_NOT_FOUND: _words(
        (
            "El modelo {model.id} no se conoce; los más parecidos son {model.nearest}.",
            "No se encontró el modelo {model.id}.",
            "No se encontró {artifact.file}.",
            "El modelo, o un archivo suyo, no está donde se buscó.",
        ),
        "Use uno de {model.nearest}.",
        "Compruebe que {artifact.file} está en la carpeta del modelo; si no, descargue el modelo otra vez.",
        "Revise cómo está escrito el id del modelo, su revisión y la ruta; el repositorio puede ser privado, haber cambiado de nombre o no tener archivos para este motor.",
        Line(
            "Descárguelo antes: `ollama pull MODELO`; `ollama list` muestra lo que hay.", runtimes=("ollama",)
        ),
        Line(
            "Use un id de prebuiltAppConfig, o añada a appConfig un registro con model, model_id y model_lib.",
            runtimes=("web-llm", "webllm"),
        ),
        "Mire la lista de archivos del repositorio o carpeta: el motor puede buscar archivos de otro formato o cuantización.",
    ),
    Category.ARTIFACT_CORRUPT: _words(
        (
            "{artifact.file} tiene {artifact.actual_bytes} en lugar de {artifact.expected_bytes}.",
            "{artifact.file} tiene el MD5 {artifact.actual_md5} en lugar de {artifact.expected_md5}.",
            "{artifact.file} no es lo que debería: {artifact.actual}.",
            "{artifact.file} está dañado o incompleto.",
            "Un archivo del modelo está dañado, incompleto o no es lo que dice su nombre.",
        ),
        Line(
            "Vacíe la caché de este sitio y recargue la página: había {cache.entries} archivos de modelos guardados y no se pidió nada. En las herramientas de desarrollo: Application, Storage, «Clear site data».",
            runtimes=_WEB,
        ),
        "Borre {artifact.file} y descárguelo otra vez: tiene {artifact.actual_bytes} y lo correcto son {artifact.expected_bytes}.",
        "Borre {artifact.file} y descárguelo otra vez: su MD5 es {artifact.actual_md5} y el correcto es {artifact.expected_md5}.",
        "Borre {artifact.file} y descárguelo otra vez.",
        "Borre el modelo de la caché y descárguelo otra vez; compare tamaños y sumas con los del repositorio.",
        "Después de `git clone` ejecute `git lfs install && git lfs pull`: sin ello los pesos son pequeños archivos de referencia.",
        Line(
            "Borre los modelos guardados por el sitio (Cache Storage: webllm/model, webllm/wasm, webllm/config): puede haberse guardado una mala respuesta.",
            runtimes=_WEB,
        ),
    ),
    Category.ARTIFACT_INCOMPATIBLE: _words(
        (
            "Está la versión {runtime.version} del motor y hace falta la {runtime.wanted}.",
            "{artifact.file} no encaja: se esperaba {artifact.expected} y hay {artifact.actual}.",
            "El motor no conoce {artifact.actual} como {artifact.key}; conoce {artifact.expected}.",
            "El motor no conoce {artifact.actual} como {artifact.key}.",
            "Falta la clave {artifact.key} o tiene una forma antigua.",
            "El modelo, su biblioteca y el motor se construyeron para versiones o arquitecturas distintas.",
        ),
        "Instale la versión {runtime.wanted} del motor.",
        "Use la configuración y los fragmentos de una misma conversión: la configuración dice {artifact.quantization}.",
        "Use un modelo cuyo {artifact.key} sea uno de {artifact.expected}, o una versión del motor que conozca {artifact.actual}.",
        "Descargue o convierta otra vez {artifact.file}: se esperaba {artifact.expected} y hay {artifact.actual}.",
        "Lleve motor, biblioteca y modelo a la misma versión: actualice el motor y después descargue o convierta otra vez el modelo.",
        Line(
            "Use la biblioteca del modelo de esta versión de web-llm (prebuiltAppConfig de la misma versión) y borre el wasm guardado.",
            runtimes=("web-llm", "webllm"),
        ),
        Line(
            "Instale mlc-llm y mlc-ai (o apache-tvm y apache-tvm-ffi) del mismo día y borre las bibliotecas compiladas con los anteriores.",
            runtimes=("mlc", "tvm"),
        ),
        Line(
            "Actualice el motor si el modelo es más nuevo; convierta el modelo al GGUF actual si es más antiguo.",
            runtimes=("llama", "ollama", "koboldcpp", "lm"),
        ),
        "Compile otra vez la biblioteca del modelo, o convierta otra vez el modelo, con las versiones instaladas.",
    ),
    Category.ARTIFACT_TOKENIZER: _words(
        (
            "{artifact.file} no encaja con el modelo: se esperaba {artifact.expected} y hay {artifact.actual}.",
            "Falta el archivo del tokenizador {artifact.file}, o no es válido.",
            "Falta el tokenizador o la plantilla de chat, o no son válidos.",
        ),
        "Descargue {artifact.file} del mismo modelo que los pesos: se esperaba {artifact.expected} y hay {artifact.actual}.",
        "Descargue otra vez {artifact.file} del repositorio del modelo.",
        "Descargue otra vez tokenizer.json y tokenizer_config.json (o tokenizer.model) en la carpeta del modelo, y compruebe que son JSON y no una referencia ni una página web.",
        "Actualice la biblioteca tokenizers: una antigua no lee un tokenizer.json más nuevo; instale sentencepiece o tiktoken si el mensaje lo pide.",
    ),
    Category.GPU_UNSUPPORTED: _words(
        (
            "El dispositivo {device.requested} no se puede usar aquí: {device.reason}.",
            "El dispositivo {device.requested} no está; {device.available} serviría.",
            "No se encontró ninguna GPU utilizable: no la hay, su controlador no está cargado o el programa no puede verla.",
        ),
        "Use --device con uno de: {device.available}.",
        Line(
            "Active WebGPU: un Chrome o Edge actual, con aceleración por hardware, en Linux --enable-unsafe-webgpu --enable-features=Vulkan; chrome://gpu dice qué falta. WebLLM no tiene motor de CPU ni de WASM.",
            runtimes=_WEB,
        ),
        Line("Sin GPU use el motor nativo en la CPU: `localloom-agent probe --engine tvm`.", runtimes=_OWN),
        "Compruebe que el controlador funciona (nvidia-smi, rocminfo, vulkaninfo); en un contenedor dé acceso a la GPU (--gpus all, o /dev/dri y /dev/kfd).",
        Line("Instale la versión del motor hecha para esta GPU (CUDA, ROCm, Vulkan o Metal).", without=_WEB),
    ),
    Category.GPU_FEATURE_MISSING: _words(
        (
            "A la GPU le falta lo que el programa necesita: {artifact.expected}.",
            "A la GPU, a su controlador o al navegador les falta una función, un límite o una arquitectura que el programa necesita.",
        ),
        Line(
            "Use un modelo sin shader-f16 (su id lleva q4f32_1 en lugar de q4f16_1), o un navegador y una GPU que ofrezcan shader-f16.",
            runtimes=_WEB,
        ),
        Line(
            "Use un contexto o un modelo menor si se supera el límite de un búfer; otros navegadores dan otros límites.",
            runtimes=_WEB,
        ),
        Line(
            "Use una versión para la capacidad de cómputo de esta GPU, otro tipo de datos (float16 en lugar de bfloat16) u otro motor de atención.",
            without=_WEB,
        ),
        "Actualice el controlador de la GPU y el navegador o motor: las funciones llegan con los nuevos.",
    ),
    Category.GPU_DRIVER: _words(
        (
            "El controlador de la GPU no encaja: {device.reason}.",
            "El controlador de la GPU es antiguo, no concuerda con su biblioteca o módulo del núcleo, o falla.",
        ),
        "Instale el controlador actual del fabricante de la GPU y reinicie el equipo: uno actualizado bajo un módulo en marcha no concuerda.",
        "Si el controlador antiguo debe quedarse, use una versión del motor para su CUDA.",
        "Compare las versiones que muestra nvidia-smi (o vulkaninfo, rocminfo) con las que pide el motor.",
    ),
    Category.GPU_OUT_OF_MEMORY: _words(
        (
            "El modelo necesita {gpu.memory.needed} de memoria de GPU y quedan {gpu.memory.free}.",
            "El modelo necesita {gpu.memory.needed} de memoria de GPU y la GPU tiene {gpu.memory.total}.",
            "En la memoria de la GPU no caben el modelo, su caché KV y sus búferes temporales.",
        ),
        Line("Necesita {gpu.memory.needed} y quedan {gpu.memory.free}: pruebe {model.smaller}."),
        _SMALLER,
        _SMALLEST,
        "Reduzca el contexto, el lote y el tamaño de prellenado: la caché KV y los búferes crecen con ellos.",
        "Cierre otros programas que usen la GPU (nvidia-smi los muestra; en el navegador, otras pestañas).",
        Line(
            "Ponga menos capas en la GPU (-ngl, num_gpu) o reparta el modelo entre varias.",
            runtimes=("llama", "ollama", "vllm", "lm", "kobold"),
        ),
    ),
    Category.GPU_DEVICE_LOST: _words(
        ("La GPU se perdió o se reinició mientras trabajaba.",),
        "Repita; si vuelve a pasar, actualice el controlador de la GPU y el navegador o motor.",
        "Use un modelo o un prellenado menor: una orden que dura segundos hace que el sistema reinicie la GPU, y también la falta de memoria.",
        "Busque reinicios de la GPU en el registro del sistema (dmesg, visor de eventos); los causan el calor, la alimentación y el overclocking.",
        Line("Recargue la página: un dispositivo WebGPU perdido no vuelve solo.", runtimes=_WEB),
    ),
    Category.HOST_OUT_OF_MEMORY: _words(
        (
            "Hacen falta {memory.needed} de memoria y hay {memory.available} disponibles.",
            "El proceso usó {memory.peak} de los {memory.limit} que puede usar y fue terminado.",
            "Se agotó la memoria del equipo, o la que el proceso puede usar.",
        ),
        Line("Necesita {memory.needed} y hay {memory.available}: pruebe {model.smaller}."),
        _SMALLER,
        _SMALLEST,
        "Suba el límite de memoria del contenedor, de WSL (.wslconfig) o del servicio, que es de {memory.limit}.",
        "Cierre otros programas, añada swap (en Windows, un archivo de paginación mayor) o cargue con mapeo en memoria.",
        Line(
            "En el navegador cierre otras pestañas; un búfer admite como mucho de 2 a 4 GB: use un modelo en partes menores.",
            runtimes=_WEB,
        ),
    ),
    Category.HOST_MISSING_DEPENDENCY: _words(
        (
            "Falta {module.missing} en este equipo.",
            "Falta una biblioteca, herramienta o paquete que el programa necesita, o es demasiado antiguo.",
        ),
        "Instale {module.missing} en el entorno que ejecuta el programa.",
        "Instale el paquete, herramienta o biblioteca que nombra el mensaje, en el mismo entorno (el mismo Python, el mismo contenedor).",
        "Si pide versiones de GLIBC o GLIBCXX use un sistema más nuevo o una versión para este; si pide bibliotecas de CUDA, instale las de la versión que nombra.",
        Line(
            "Para mlc-llm ejecute `localloom-agent setup mlc`: en PyPI solo hay paquetes vacíos con su nombre.",
            runtimes=("mlc",),
        ),
    ),
    Category.HOST_UNSUPPORTED_CPU: _words(
        (
            "A la CPU ({host.cpu}) le faltan instrucciones con las que se compiló el programa.",
            "A la CPU le faltan instrucciones con las que se compiló el programa, como AVX2.",
        ),
        "Use una versión para CPU más antiguas (sin AVX2 ni AVX-512), o compílela en este equipo.",
        "En una máquina virtual exponga la CPU del anfitrión: el modelo de CPU por defecto oculta AVX.",
        Line(
            "Compile la biblioteca del modelo para esta CPU en lugar de copiarla de un equipo más nuevo.",
            runtimes=("tvm", "mlc"),
        ),
    ),
    Category.COMPILE_FAILED: _words(
        ("Un núcleo, un shader o la biblioteca del modelo no se pudo compilar para este dispositivo.",),
        "Actualice el motor y el controlador de la GPU: los núcleos generados y los compiladores de shaders van por versiones.",
        Line(
            "Pruebe otro navegador o motor gráfico; comunique el error del shader y el nombre de la GPU a quienes mantienen el motor.",
            runtimes=_WEB,
        ),
        Line(
            "Lea el primer error del compilador, más arriba; compruebe que compilador, SDK y CUDA son los que pide el motor.",
            without=_WEB,
        ),
        "Use una biblioteca del modelo ya compilada si la hay.",
    ),
    Category.WORKER_CRASHED: _words(
        ("Un worker del motor terminó, o la página perdió su service worker.",),
        Line(
            "Recargue la extensión en chrome://extensions y después la página: una página antigua conserva un canal muerto.",
            runtimes=("web-llm", "webllm", "transformers.js", "other", "onnxruntime"),
        ),
        Line(
            "Un service worker se detiene cuando está inactivo: envíele mensajes con regularidad (keep-alive), o ejecute el motor en un web worker.",
            runtimes=_WEB,
        ),
        Line(
            "Busque el error propio del worker, más arriba en el registro: el mensaje del proceso padre no nombra la causa.",
            without=("web-llm", "webllm"),
        ),
        "Reinicie el motor; con varias GPU pruebe con una, para ver si falla su comunicación.",
    ),
    Category.PROCESS_CRASHED: _words(
        ("El proceso del motor falló y se cerró.",),
        "Actualice el motor y el controlador de la GPU; pruebe con CPU en lugar de GPU para ver qué parte falla.",
        "Revise los archivos del modelo: una biblioteca dañada o ajena acaba en un cierre sin palabras.",
        "Comuníquelo a quienes mantienen el motor, con la traza, el id del modelo y el nombre de la GPU.",
    ),
    Category.PROCESS_HUNG: _words(
        (
            "No hubo señales de vida durante {progress.age_s} s y se terminó el proceso.",
            "La fase superó su límite de {limit.seconds} s.",
            "El motor dejó de avanzar sin dar un error.",
        ),
        "Repita con --verbose; las pilas del informe muestran dónde espera.",
        Line(
            "Detenga el service worker en chrome://serviceworker-internals (o recargue la extensión en chrome://extensions) y recargue la página.",
            runtimes=_WEB,
        ),
        "Mire las demás salidas del motor: un error en un hilo secundario deja esperando a quien llama.",
        "Déle más tiempo si el equipo es lento: una primera compilación puede tardar minutos.",
    ),
    Category.GENERATE_NUMERIC: _words(
        (
            "La salida es incorrecta: {tokens.nonfinite} logits no son finitos.",
            "La salida es incorrecta: solo {tokens.agreement} de los tokens coincide con la referencia.",
            "El modelo funciona, pero sus números o su texto son incorrectos.",
        ),
        "Verifique los archivos del modelo y descárguelos otra vez: unos bytes cambiados dan texto incorrecto sin error.",
        "Pruebe otra cuantización u otro tipo de datos (float32 en lugar de float16, bfloat16 si el modelo se entrenó así).",
        "Pruebe la CPU u otro motor gráfico: si allí es correcto, fallan los núcleos o el controlador de la GPU.",
        "Compruebe que la plantilla de chat y el tokenizador son de este modelo.",
    ),
    Category.GENERATE_CONTEXT_OVERFLOW: _words(
        (
            "La petición tiene {prompt.tokens} tokens y en el contexto caben {context.window}.",
            "La petición, con la respuesta, no cabe en el contexto de {context.window} tokens.",
            "La petición, con la respuesta, no cabe en el contexto del modelo.",
        ),
        "Acorte la petición o el historial a menos de {context.window} tokens.",
        "Acorte la petición o el historial, o empiece otra conversación.",
        "Amplíe el contexto (context_window_size, n_ctx, num_ctx, max_model_len) si la memoria alcanza y el modelo se entrenó para ello.",
    ),
    Category.CONFIG_INVALID: _words(
        (
            "El ajuste {artifact.key} no es válido: se esperaba {artifact.expected} y hay {artifact.actual}.",
            "El ajuste {artifact.key} no es válido: {device.requested}.",
            "{artifact.file}: la clave {artifact.key} no es válida: {artifact.actual}.",
            "El ajuste {artifact.key} no es válido: {artifact.actual}.",
            "El ajuste {artifact.key} no es válido.",
            "Un ajuste, un argumento o la forma de llamar al programa no es válido.",
        ),
        "Dé a {artifact.key} otro valor que {device.requested}; `localloom-agent probe --help` muestra los válidos.",
        "Corrija {artifact.key} en {artifact.file} (ahora: {artifact.actual}), o descargue otra vez el archivo.",
        "Corrija {artifact.key} (ahora: {artifact.actual}).",
        "Corrija el ajuste {artifact.key}.",
        "Corrija el ajuste o argumento que nombra el mensaje; `--help` muestra los válidos.",
        "Compruebe que la documentación y la versión instalada se corresponden: los nombres de los ajustes cambian.",
        Line(
            "Ejecute el código de navegador solo en el navegador (importación dinámica, sin renderizado en el servidor) e importe el paquete con el motor que quiere.",
            runtimes=_WEB,
        ),
        "Si la dirección está ocupada, detenga el otro programa o elija otro puerto.",
    ),
    Category.UNKNOWN: _words(
        ("Nada en la evidencia nombra una causa.",),
        "Ejecute la sonda en este equipo (`localloom-agent probe`): observa cada fase y encuentra lo que el mensaje no dice.",
        "Pegue más del registro, desde su primer error.",
    ),
}
