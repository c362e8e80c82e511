import type { EndpointEvent } from '../../endpoint/api.ts';
import { cseq, toTag } from '../../message/headers.ts';
import type { SipMessage } from '../../message/types.ts';
import { textOf } from '../world.test-support.ts';
import type { Trace } from './town.test-support.ts';

const columns = ['alice', 'bob', 'carol', 'pbx'] as const;

/**
 * What happened in one call, line for line: when, who sent what to whom and what became of it, and what each application was
 * told. `──►` is sent, `···►` lost or cut, `──►│` arrived.
 */
export function ladder(traces: readonly Trace[], callId: string): string {
  const own = traces.filter((trace) => trace.callId === callId);
  const [first, last] = [own[0]?.at ?? 0, own.at(-1)?.at ?? Infinity];
  return traces
    .filter((trace) => {
      if (trace.callId === callId) return true;
      return trace.kind === 'note' && trace.at >= first - 60_000 && trace.at <= last;
    })
    .map((trace) => `${(trace.at / 1_000).toFixed(3).padStart(10)}  ${lineOf(trace)}`)
    .join('\n');
}

function lineOf(trace: Trace): string {
  switch (trace.kind) {
    case 'message': {
      const arrow = { sent: '──►', duplicated: '══►', lost: '···', cut: '··×', delivered: '──►│' }[
        trace.fate
      ];
      const fate = trace.fate === 'sent' ? '' : ` (${trace.fate})`;
      return `${trace.from} ${arrow} ${trace.to}  ${summaryOf(trace.message)}${fate}`;
    }
    case 'event':
      return `${' '.repeat(4 + 2 * columns.indexOf(trace.host))}${trace.host} is told ${toldOf(trace.event)}`;
    case 'note':
      return `*** ${trace.text}`;
  }
}

function summaryOf(message: SipMessage): string {
  const { number = 0, method = '' } = cseq(message) ?? {};
  const start =
    message.kind === 'request' ? `${method} ${number}` : `${message.status} (${method} ${number})`;
  const tag = toTag(message);
  const body = message.body.length === 0 ? '' : ` [${textOf({ contentType: '', bytes: message.body })}]`;
  return `${start}${tag === undefined ? '' : ` to ${tag.slice(0, 4)}`}${body}`;
}

function toldOf(event: EndpointEvent): string {
  const details = JSON.stringify(event, (key: string, value: unknown) =>
    ['request', 'response', 'flow', 'info', 'type'].includes(key)
      ? undefined
      : value instanceof Uint8Array
        ? textOf({ contentType: '', bytes: value })
        : value,
  );
  return `${event.type} ${details}`;
}
