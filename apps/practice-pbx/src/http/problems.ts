import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';

/** What a request can be wrong in. */
export type ProblemCode =
  | 'bad_request'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_many'
  | 'too_large'
  | 'internal';

const STATUS: Readonly<Record<ProblemCode, number>> = {
  bad_request: 400,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  too_many: 503,
  internal: 500,
};

/** Thrown by routes; answered as `{ error: { code, message } }`. */
export class Problem extends Error {
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message: string) {
    super(message);
    this.name = 'Problem';
    this.code = code;
  }
}

/** The value by its schema; throws a {@link Problem} that names each mistake. */
export function valid<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(' '));
  throw new Problem('bad_request', mistakes.join('; '));
}

export function answerProblems(server: FastifyInstance): void {
  server.setNotFoundHandler((request, reply) =>
    reply.code(404).send(bodyOf('not_found', `There is nothing at ${request.method} ${request.url}.`)),
  );
  server.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.code === 'internal') request.log.error({ err: error }, 'request failed');
    return reply.code(STATUS[problem.code]).send(bodyOf(problem.code, problem.message));
  });
}

function problemOf(error: unknown): Pick<Problem, 'code' | 'message'> {
  if (error instanceof Problem) return error;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (status === 413) return { code: 'too_large', message: 'The body is too large.' };
  if (typeof status === 'number' && status >= 400 && status < 500 && error instanceof Error) {
    return { code: 'bad_request', message: error.message };
  }
  return { code: 'internal', message: 'Something went wrong here; the log says more.' };
}

function bodyOf(code: ProblemCode, message: string): { error: { code: ProblemCode; message: string } } {
  return { error: { code, message } };
}
