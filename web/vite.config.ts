import { defineConfig, type Plugin } from 'vite';

/** Adds the licenses of the packages bundled in swagger-ui, which Vite does not find. */
const bundledLicenses: Plugin = {
  name: 'bundled-licenses',
  generateBundle: {
    order: 'post',
    async handler(_, bundle) {
      const licenses = bundle['licenses.md'];
      if (licenses?.type !== 'asset') this.error('no licenses.md to add to');
      const [notice, bundled] = await Promise.all(
        ['NOTICE', 'swagger-ui-es-bundle.js.LICENSE.txt'].map((file) =>
          this.fs.readFile(`node_modules/swagger-ui-dist/${file}`, { encoding: 'utf8' }),
        ),
      );
      licenses.source = `${licenses.source}\n## Bundled in swagger-ui-dist\n\n${notice.trim()}\n\n${bundled.trim()}\n`;
    },
  },
};

export default defineConfig({
  // Relative URLs, since the server may serve the pages below a path.
  base: './',
  plugins: [bundledLicenses],
  build: {
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2048,
    rolldownOptions: {
      input: ['index.html', 'docs.html'],
      onLog(level, log, handle) {
        // React's packages have the directive "use client", which has no effect here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
});
