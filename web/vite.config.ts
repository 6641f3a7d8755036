import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2048,
    rolldownOptions: {
      onLog(level, log, handle) {
        // React's packages mark their files "use client", which means nothing here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
});
