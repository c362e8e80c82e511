/** Answers of the Hub's REST API: `{ Type_Name, Description, isError, Result, Err? }`. What does not look like one is an error. */
export type HubAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly description: string };

export function readAnswer(body: unknown): HubAnswer {
  if (!isRecord(body)) return { ok: false, description: 'not an answer' };
  if (body['isError'] === true || body['Type_Name'] === 'Error') {
    const error = body['Err'];
    const description = isRecord(error) ? error['Description'] : undefined;
    return { ok: false, description: typeof description === 'string' ? description : '' };
  }
  return { ok: true, result: body['Result'] };
}

/** `CallEvents[].Action` as the Hub numbers them; the rest tell what the application itself has said. */
export const hubActions = {
  accept: 1,
  terminate: 2,
  hold: 3,
  resume: 4,
  flash: 5,
  mute: 11,
  unmute: 12,
  reject: 23,
} as const;

/** The actions in order. */
export function readActions(result: unknown): readonly number[] {
  if (!Array.isArray(result)) return [];
  return result.flatMap((one: unknown) => {
    const action = isRecord(one) ? one['Action'] : undefined;
    return typeof action === 'number' ? [action] : [];
  });
}

export function readProduct(result: unknown): string {
  const name = isRecord(result) ? result['ProductName'] : undefined;
  return typeof name === 'string' ? name : 'Poly';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
