export { en as ca } from '../en/index.ts';
