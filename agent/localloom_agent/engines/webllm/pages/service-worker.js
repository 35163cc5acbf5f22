// The service worker of WebLLM's guide: the engine lives here, and outlives the page.
import "./hooks.js";
import { ServiceWorkerMLCEngineHandler } from "./web-llm.js";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
const handler = new ServiceWorkerMLCEngineHandler();
globalThis.localloomHandler = handler;
