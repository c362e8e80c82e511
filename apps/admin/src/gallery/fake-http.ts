import type { Http } from '../api/http.ts';
import { ok, refuse, type Answers } from './scene.ts';

/** The service as a table of answers. What is not in it is `not_found`. */
export function fakeHttp(answers: Answers): Http {
  const table = Object.entries(answers).map(([name, answer]) => {
    const [method = '', path = ''] = name.split(' ');
    const pattern = new RegExp(`^${path.replaceAll(/:\w+/gu, '[^/]+')}$`, 'u');
    return { method, pattern, answer };
  });
  return async (request) => {
    const path = request.path.split('?', 1)[0] ?? '';
    const found = table.find(({ method, pattern }) => method === request.method && pattern.test(path));
    if (found === undefined) return refuse('not_found');
    return typeof found.answer === 'function'
      ? await (found.answer as (asked: typeof request) => ReturnType<Http>)(request)
      : ok(found.answer);
  };
}
