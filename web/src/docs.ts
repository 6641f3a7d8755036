import 'swagger-ui-dist/swagger-ui.css';
import './docs.css';

import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';

// swagger-ui is dark under this class, whatever the system's colours are.
const dark = matchMedia('(prefers-color-scheme: dark)');
const followSystem = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followSystem);
followSystem();

SwaggerUI({
  domNode: document.getElementById('docs'),
  url: '/openapi.json',
  validatorUrl: null, // else it asks swagger.io
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
});
