// The dedicated worker of WebLLM's guide: the engine lives here, the page talks to it.
import "./hooks.js";
import { WebWorkerMLCEngineHandler } from "./web-llm.js";

const handler = new WebWorkerMLCEngineHandler();
self.onmessage = (message) => handler.onmessage(message);
