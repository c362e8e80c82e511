export { aorOf, canonicalAor, Registrar } from './registrar.ts';
export type { Binding, RegisterResult, RegistrarOptions } from './registrar.ts';
