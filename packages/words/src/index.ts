export { errorKeys, errorWords, type ErrorKeys, type ErrorWords } from './errors/index.ts';
export { languages, languageNames } from './languages.ts';
