// Runs the guide's own process in this page, one step a call, and says what came of each. The agent calls the steps.
const report = globalThis.localloomHooks.report;
let webllm, engine, record, appConfig;

const told = (error) => error instanceof Error || error instanceof DOMException
  ? { name: error.name, message: error.message, stack: error.stack ?? "" }
  : { name: "", message: String(error), stack: "" }; // worker engines reject with a string, "Name: message"

const step = (work) => async (...args) => {
  try {
    return { ok: true, value: await work(...args) };
  } catch (error) {
    return { ok: false, error: told(error) };
  }
};

async function runtime(bundle, wanted, gone) {
  webllm = await import(bundle);
  const calls = ["reload", "unload", "setInitProgressCallback", "resetChat"];
  const prototype = webllm.MLCEngine?.prototype ?? {};
  return {
    modelVersion: webllm.modelVersion ?? "",
    found: wanted.filter((name) => name in webllm),
    missing: [
      ...wanted.filter((name) => !(name in webllm)),
      ...calls.filter((name) => typeof prototype[name] !== "function").map((name) => `MLCEngine.${name}`),
    ],
    gone: gone.filter((name) => !(name in webllm)),
    kept: gone.filter((name) => name in webllm),
    models: webllm.prebuiltAppConfig?.model_list?.length ?? 0,
  };
}

function resolve(wanted, hub) {
  const list = webllm.prebuiltAppConfig?.model_list ?? [];
  const same = (one) => wanted.id ? one.model_id.toLowerCase() === wanted.id.toLowerCase()
    : one.model.replace(/\/$/, "") === wanted.model.replace(/\/$/, "");
  const known = list.find(same);
  record = known && !wanted.model_lib ? { ...known } : { ...known, ...wanted.record };
  if (!known && !wanted.record) record = { model: "", model_id: wanted.id, model_lib: "" };
  if (known && hub) record.model = record.model.replace("https://huggingface.co", hub);
  appConfig = { ...webllm.prebuiltAppConfig, model_list: known || wanted.record ? [record] : list };
  const need = (one) => one.vram_required_MB ?? Infinity;
  const least = list.reduce((a, b) => (need(b) < need(a) ? b : a), list[0]);
  const smaller = known && need(least) < need(known) / 2 ? least.model_id : "";
  return { record, smaller, known: Boolean(known), ids: list.map((one) => one.model_id) };
}

async function cacheState() {
  const state = {};
  if (typeof caches !== "object") return state;
  for (const name of await caches.keys()) {
    if (name.startsWith("webllm/")) state[name] = (await (await caches.open(name)).keys()).map((entry) => entry.url);
  }
  return state;
}

const progress = (now) => report("progress", { text: now.text, progress: now.progress });

const makers = {
  page: async () => new webllm.MLCEngine({ appConfig, initProgressCallback: progress }),
  worker: async () => {
    const worker = new Worker("./worker.js", { type: "module" });
    worker.addEventListener("error", (event) =>
      report("worker.error", { name: "WorkerError", message: event.message || "the worker's script did not load" }));
    return new webllm.WebWorkerMLCEngine(worker, { appConfig, initProgressCallback: progress });
  },
  "service-worker": async () => {
    report("worker", { text: "registering the service worker" });
    const registration = await navigator.serviceWorker.register("./service-worker.js", { type: "module" });
    report("worker", { text: "registered" });
    const worker = registration.installing ?? registration.waiting ?? registration.active;
    worker?.addEventListener("statechange", () => report("worker", { text: worker.state }));
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
      await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
    }
    report("worker", { text: "controls the page" });
    return new webllm.ServiceWorkerMLCEngine({ appConfig, initProgressCallback: progress });
  },
  extension: async () => {
    const made = new webllm.ExtensionServiceWorkerMLCEngine({
      appConfig, initProgressCallback: progress,
      onDisconnect: () => report("worker.error", { name: "PortClosed", message: "the extension's service worker went away" }),
    });
    return made;
  },
};

async function load(host, chatOptions) {
  engine = await makers[host]();
  await engine.reload(record.model_id, chatOptions);
  return { gpu: globalThis.localloomHooks.gpu, heap: performance.memory?.usedJSHeapSize ?? 0 };
}

async function generate(prompt, maxTokens, temperature, seed) {
  const started = performance.now();
  let first, last, usage, finish = "", text = "", chunks = 0;
  const stream = await engine.chat.completions.create({
    messages: [{ role: "user", content: prompt }],
    max_tokens: maxTokens, temperature, seed, stream: true, stream_options: { include_usage: true },
  });
  for await (const chunk of stream) {
    usage = chunk.usage ?? usage;
    for (const choice of chunk.choices ?? []) {
      const piece = choice.delta?.content ?? "";
      finish = choice.finish_reason ?? finish;
      if (!piece) continue;
      last = performance.now();
      first ??= last;
      text += piece;
      chunks += 1;
      report("token", { text: piece, chunks });
    }
  }
  const seconds = (from, to) => from === undefined || to === undefined ? null : (to - from) / 1000;
  return { text, finish, chunks, usage: usage ?? null, ttft: seconds(started, first), decode: seconds(first, last) };
}

globalThis.localloom = {
  runtime: step(runtime), resolve: step(async (...args) => resolve(...args)),
  cacheState: step(cacheState), load: step(load), generate: step(generate),
};
