/** Types of the part of the package that docs.ts uses; the package has none. */
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  interface Options {
    domNode: HTMLElement | null;
    url: string;
    validatorUrl: string | null;
    deepLinking: boolean;
    displayRequestDuration: boolean;
    defaultModelsExpandDepth: number;
    syntaxHighlight: false;
    onComplete: () => void;
  }
  interface System {
    preauthorizeApiKey(scheme: string, value: string): void;
  }
  export default function SwaggerUI(options: Options): System;
}
