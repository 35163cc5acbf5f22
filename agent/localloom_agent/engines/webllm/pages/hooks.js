// Listens to WebGPU and to uncaught errors in one context (a page, a worker, a service worker) and reports each
// event, in order, to the page that the agent listens to. A classic script, so that it can also be injected first.
(() => {
  if (globalThis.localloomHooks) return;
  const where = typeof document === "object" ? "page"
    : typeof ServiceWorkerGlobalScope === "function" ? "service-worker" : "worker";
  const send = globalThis.postMessage?.bind(globalThis);
  const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("localloom") : null;
  const report = (kind, data) => {
    const event = { kind, source: where, at: performance.timeOrigin + performance.now(), ...data };
    if (where === "page") globalThis.localloomReport?.(event);
    else channel?.postMessage(event);
  };
  if (where === "page" && channel) channel.onmessage = (message) => globalThis.localloomReport?.(message.data);
  const gpu = { bytes: 0, peak: 0, largest: 0, pipelines: 0, waiting: 0 };
  globalThis.localloomHooks = { report, gpu, send };

  const text = (error) => ({
    name: String(error?.name ?? ""),
    message: String(error?.message ?? error),
    stack: String(error?.stack ?? ""),
  });
  globalThis.addEventListener("error", (event) => report("uncaught", text(event.error ?? event.message)));
  globalThis.addEventListener("unhandledrejection", (event) => report("rejection", text(event.reason)));
  if (where === "page" && typeof ServiceWorkerContainer === "function") {
    const ready = Object.getOwnPropertyDescriptor(ServiceWorkerContainer.prototype, "ready");
    Object.defineProperty(ServiceWorkerContainer.prototype, "ready", { ...ready, get() {
      report("worker.awaited", {});
      const promise = ready.get.call(this);
      promise.then(() => report("worker.ready", {}), () => {});
      return promise;
    } });
  }
  if (typeof GPU === "undefined") return;

  const wrap = (type, name, make) => {
    if (typeof type?.prototype?.[name] === "function") type.prototype[name] = make(type.prototype[name]);
  };
  let due = 0;
  const memory = () => {
    if (due) return;
    due = setTimeout(() => { due = 0; report("gpu.memory", gpu); }, 200);
  };
  wrap(GPU, "requestAdapter", (original) => async function (...args) {
    report("gpu.detect", {});
    const adapter = await original.apply(this, args);
    report("gpu.adapter", { found: Boolean(adapter) });
    return adapter;
  });
  wrap(globalThis.GPUAdapter, "requestDevice", (original) => async function (descriptor) {
    const device = await original.call(this, descriptor);
    report("gpu.device", { limits: { ...descriptor?.requiredLimits }, features: [...device.features] });
    device.addEventListener("uncapturederror", (event) =>
      report("gpu.error", { name: event.error.constructor.name, message: event.error.message }));
    device.lost.then((info) => report("gpu.lost", { reason: info.reason, message: info.message }));
    return device;
  });
  wrap(globalThis.GPUDevice, "popErrorScope", (original) => async function () {
    const error = await original.call(this);
    if (error) report("gpu.error", { name: error.constructor.name, message: error.message });
    return error;
  });
  wrap(globalThis.GPUDevice, "createBuffer", (original) => function (descriptor) {
    gpu.bytes += descriptor?.size ?? 0;
    gpu.peak = Math.max(gpu.peak, gpu.bytes);
    gpu.largest = Math.max(gpu.largest, descriptor?.size ?? 0);
    memory();
    return original.call(this, descriptor);
  });
  wrap(globalThis.GPUBuffer, "destroy", (original) => function () {
    gpu.bytes -= this.size;
    return original.call(this);
  });
  wrap(globalThis.GPUDevice, "createComputePipelineAsync", (original) => async function (descriptor) {
    gpu.waiting += 1;
    memory();
    try {
      const pipeline = await original.call(this, descriptor);
      gpu.pipelines += 1;
      return pipeline;
    } finally {
      gpu.waiting -= 1;
      memory();
    }
  });
})();
