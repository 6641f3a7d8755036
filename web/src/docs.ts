import 'swagger-ui-dist/swagger-ui.css';
import './docs.css';

import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';

// swagger-ui uses this class for its dark mode, not the color scheme of the system.
const dark = matchMedia('(prefers-color-scheme: dark)');
const followSystem = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followSystem);
followSystem();

const ui = SwaggerUI({
  domNode: document.getElementById('docs'),
  url: 'openapi.json',
  validatorUrl: null, // the default is a validator at swagger.io
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  syntaxHighlight: false, // it stops the page for a minute at a page of 100 records
  onComplete: () => {
    // dxp's endpoint requires both headers, with any value while authentication is off.
    ui.preauthorizeApiKey('clientId', 'docs');
    ui.preauthorizeApiKey('clientSecret', 'docs');
  },
});
