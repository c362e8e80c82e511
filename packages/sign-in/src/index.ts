export { createSignInApi, type Ask, type SignInApi } from './api.ts';
export { browserPasskeys, type PasskeyOutcome, type Passkeys } from './passkeys.ts';
export { SignInForm, type SignInFormProps } from './SignInForm.tsx';
export { signInWords } from './words/index.ts';
