// What a page of this browser can do: asked in the probe's own page, or in the user's. One function, evaluated there.
async () => {
  const simd = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
  const facts = {
    userAgent: navigator.userAgent,
    brands: (navigator.userAgentData?.brands ?? []).map((entry) => entry.brand),
    secureContext: isSecureContext,
    crossOriginIsolated: globalThis.crossOriginIsolated ?? false,
    caches: typeof caches === "object",
    serviceWorker: "serviceWorker" in navigator,
    wasm: typeof WebAssembly === "object",
    wasmSimd: typeof WebAssembly === "object" && WebAssembly.validate(new Uint8Array(simd)),
    wasmThreads: typeof SharedArrayBuffer === "function",
    webgpu: "gpu" in navigator,
    storage: {},
    adapter: null,
  };
  try {
    facts.storage = await navigator.storage.estimate();
    facts.storage.persisted = await navigator.storage.persisted();
  } catch {
    // An insecure context has no storage manager: that it is insecure is told above.
  }
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (adapter) {
    const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
    const limits = {};
    for (const name in adapter.limits) if (typeof adapter.limits[name] === "number") limits[name] = adapter.limits[name];
    facts.adapter = {
      vendor, architecture, device, description, limits, features: [...adapter.features].sort(),
      isFallbackAdapter: isFallbackAdapter ?? adapter.isFallbackAdapter ?? false,
    };
  }
  return facts;
}
