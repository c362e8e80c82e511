/// <reference types="vite/client" />

/** From package.json, set by the build. */
declare const APP_VERSION: string;
