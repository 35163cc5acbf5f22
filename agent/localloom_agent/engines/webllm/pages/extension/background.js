// The service worker of a Manifest V3 extension: the engine lives here, the extension's page talks to it by a port.
import "./hooks.js";
import { ExtensionServiceWorkerMLCEngineHandler } from "./web-llm.js";

let handler;
chrome.runtime.onConnect.addListener((port) => {
  if (port.name !== "web_llm_service_worker") return;
  if (handler === undefined) handler = new ExtensionServiceWorkerMLCEngineHandler(port);
  else handler.setPort(port);
  port.onMessage.addListener((message) => handler.onmessage(message));
});
