import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  // tfjs alone is larger than what Vite takes for too much.
  build: { chunkSizeWarningLimit: 2000 },
});
