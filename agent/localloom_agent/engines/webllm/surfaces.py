"""The classes and calls of web-llm that applications use, and the names that older guides used and that are gone."""

WANTED = (
    "MLCEngine",
    "CreateMLCEngine",
    "WebWorkerMLCEngine",
    "WebWorkerMLCEngineHandler",
    "CreateWebWorkerMLCEngine",
    "ServiceWorkerMLCEngine",
    "ServiceWorkerMLCEngineHandler",
    "CreateServiceWorkerMLCEngine",
    "ExtensionServiceWorkerMLCEngine",
    "ExtensionServiceWorkerMLCEngineHandler",
    "CreateExtensionServiceWorkerMLCEngine",
    "hasModelInCache",
    "deleteModelAllInfoInCache",
    "prebuiltAppConfig",
    "modelVersion",
)

GONE = (
    "ChatWorkerClient",
    "ChatWorkerHandler",
    "ChatModule",
    "ChatRestModule",
    "ChatInterface",
    "CreateEngine",
    "CreateWebWorkerEngine",
    "CreateServiceWorkerEngine",
    "Engine",
    "WebWorkerEngine",
    "EngineInterface",
)
"""An application that asks for one of these was written for another web-llm."""

INSTEAD = {
    "ChatWorkerClient": "WebWorkerMLCEngine",
    "ChatWorkerHandler": "WebWorkerMLCEngineHandler",
    "ChatModule": "MLCEngine",
    "ChatRestModule": "MLCEngine",
    "ChatInterface": "MLCEngine",
    "CreateEngine": "CreateMLCEngine",
    "CreateWebWorkerEngine": "CreateWebWorkerMLCEngine",
    "CreateServiceWorkerEngine": "CreateServiceWorkerMLCEngine",
    "Engine": "MLCEngine",
    "WebWorkerEngine": "WebWorkerMLCEngine",
    "EngineInterface": "MLCEngine",
}

NEEDED = {
    "page": ("MLCEngine",),
    "worker": ("WebWorkerMLCEngine", "WebWorkerMLCEngineHandler"),
    "service-worker": ("ServiceWorkerMLCEngine", "ServiceWorkerMLCEngineHandler"),
    "extension": ("ExtensionServiceWorkerMLCEngine", "ExtensionServiceWorkerMLCEngineHandler"),
}
"""Without which a host cannot run, by host."""
