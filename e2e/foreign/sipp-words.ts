/**
 * The words of our SIPp scenarios. SIPp is user `sipp` and the other side user `subject`; each branch is chosen by name, so
 * that a scenario says which messages belong to one transaction.
 */

/** Steps in their order, as a scenario file. */
export function scenarioOf(...steps: readonly string[]): string {
  const text = steps.join('\n');
  const variables = [
    ...new Set([...text.matchAll(/assign_to="([^"]+)"/gu)].flatMap(([, names]) => names?.split(','))),
  ];
  // SIPp takes a variable that is never read for a mistake.
  const references = variables.length === 0 ? '' : `<Reference variables="${variables.join(',')}"/>\n`;
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="offhook">\n${text}\n${references}</scenario>\n`;
}

export interface SendOptions {
  /** Milliseconds after which SIPp sends it again, doubling, until an answer comes; never where nothing is said. */
  readonly again?: number;
  /** Per cent that are lost before they are on the wire. */
  readonly lost?: number;
}

export function send(message: string, { again, lost }: SendOptions = {}): string {
  const retransmission = again === undefined ? '' : ` retrans="${again}"`;
  const loss = lost === undefined ? '' : ` lost="${lost}"`;
  return `<send${retransmission}${loss}><![CDATA[\n${message}]]></send>`;
}

/** The same step again, for what comes so often; with `scripted` alone, for otherwise SIPp passes over what comes again. */
export function times(count: number, step: string): readonly string[] {
  return Array.from({ length: count }, () => step);
}

/** Milliseconds in which SIPp says nothing. What comes meanwhile is heard, and what has come before is not answered. */
export function pause(milliseconds: number): string {
  return `<pause milliseconds="${milliseconds}"/>`;
}

export interface ReceiveOptions {
  /** May come any number of times, or not at all, before what follows. */
  readonly optional?: boolean;
  /** Remembers Contact and Record-Route as the dialog's target and route. */
  readonly route?: boolean;
  /** Answers the challenge that is in it with the next `[authentication]`. */
  readonly challenge?: boolean;
}

const attributes = ({ optional, route, challenge }: ReceiveOptions): string =>
  `${optional === true ? ' optional="true"' : ''}${route === true ? ' rrs="true"' : ''}${challenge === true ? ' auth="true"' : ''}`;

/** Waits for a response. A 200 that belongs to another request than `method` is not it. */
export function receive(status: number, method?: string, options: ReceiveOptions = {}): string {
  if (method === undefined) {
    return `<recv response="${status}"${attributes(options)}/>`;
  }
  return (
    `<recv response="${status}"${attributes(options)}><action>` +
    `<ereg regexp="[0-9]+ ${method}" search_in="hdr" header="CSeq:" check_it="true" assign_to="ofrequest"/>` +
    '</action></recv>'
  );
}

/** Waits for a request. With `as`, its Via, From, To and CSeq are kept under that name for {@link respond}. */
export function receiveRequest(method: string, as?: string, options: ReceiveOptions = {}): string {
  if (as === undefined) {
    return `<recv request="${method}"${attributes(options)}/>`;
  }
  return `<recv request="${method}"${attributes(options)}><action>${keepAs(as)}</action></recv>`;
}

const keepAs = (name: string): string =>
  ['Via', 'From', 'To', 'CSeq']
    .map((header) => `<ereg regexp=".*" search_in="hdr" header="${header}:" assign_to="${name}${header}"/>`)
    .join('');

/** Where a regular expression of POSIX (extended) has to match: in the whole message, or in one header's value. */
export interface Expected {
  readonly where: 'msg' | { readonly header: string };
  readonly regexp: string;
}

const check = ({ where, regexp }: Expected, index: number): string => {
  const place = where === 'msg' ? 'search_in="msg"' : `search_in="hdr" header="${where.header}:"`;
  const escaped = regexp.replaceAll('<', '&lt;');
  return `<ereg regexp="${escaped}" ${place} check_it="true" assign_to="expected${index}"/>`;
};

/**
 * Waits for a request, in which all of that has to match; what the regular expressions have found is `[$expected0]` and so on.
 * `as` as in {@link receiveRequest}.
 */
export function expectInRequest(
  method: string,
  expected: readonly Expected[],
  { as, ...options }: ReceiveOptions & { readonly as?: string } = {},
): string {
  const actions = [...expected.map(check), ...(as === undefined ? [] : [keepAs(as)])];
  return `<recv request="${method}"${attributes(options)}><action>${actions.join('')}</action></recv>`;
}

/** Waits for a response, in which all of that has to match; as {@link expectInRequest}. */
export function expectInResponse(
  status: number,
  expected: readonly Expected[],
  options: ReceiveOptions = {},
): string {
  return `<recv response="${status}"${attributes(options)}><action>${expected.map(check).join('')}</action></recv>`;
}

export const ownTag = '[pid]s[call_number]';

export interface RequestOptions {
  readonly cseq: number;
  /** Name of the transaction; else that of the method. */
  readonly branch?: string;
  readonly uri?: string;
  readonly toTag?: string;
  readonly headers?: readonly string[];
  readonly contact?: boolean;
  readonly body?: string;
}

const at = 'sip:subject@[remote_ip]:[remote_port]';
const via = (branch: string) =>
  `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK[pid]x[call_number]x${branch};rport`;

/** A request outside dialogs, or the first of one: no tag in To, except for an ACK or CANCEL that follows. */
export function request(method: string, options: RequestOptions): string {
  const { cseq, branch = method, uri = at, toTag = '', headers = [], contact = true, body } = options;
  return message(
    `${method} ${uri} SIP/2.0`,
    [
      via(branch),
      'Max-Forwards: 70',
      `From: <sip:sipp@[local_ip]:[local_port]>;tag=${ownTag}`,
      `To: <${at}>${toTag}`,
      'Call-ID: [call_id]',
      `CSeq: ${cseq} ${method}`,
      ...(contact ? ['Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>'] : []),
      ...headers,
    ],
    body,
  );
}

/** A request in the dialog that SIPp's own INVITE has made, after a `receive` with `route`. */
export function inDialog(method: string, options: RequestOptions): string {
  const { headers = [] } = options;
  return request(method, {
    uri: '[next_url]',
    toTag: '[peer_tag_param]',
    ...options,
    headers: ['[routes]', ...headers],
  });
}

/** A request in the dialog that the subject's INVITE has made, which was kept as `invite` with `route`. */
export function inCalledDialog(
  method: string,
  { cseq, branch = method, headers = [], body }: RequestOptions,
): string {
  return message(
    `${method} [next_url] SIP/2.0`,
    [
      via(branch),
      '[routes]',
      'Max-Forwards: 70',
      `From:[$inviteTo];tag=${ownTag}`,
      'To:[$inviteFrom]',
      'Call-ID: [call_id]',
      `CSeq: ${cseq} ${method}`,
      'Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>',
      ...headers,
    ],
    body,
  );
}

export interface ResponseOptions {
  /** The name that the request was kept under; else the request that came last. */
  readonly to?: string;
  /** Of To; SIPp's own where nothing is said, none where it is in To already. */
  readonly tag?: string | false;
  readonly contact?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

export function respond(status: `${number} ${string}`, options: ResponseOptions = {}): string {
  const {
    to,
    tag = ownTag,
    contact = '<sip:sipp@[local_ip]:[local_port];transport=[transport]>',
    headers = [],
    body,
  } = options;
  const copied = (header: string) => (to === undefined ? `[last_${header}:]` : `${header}:[$${to}${header}]`);
  return message(
    `SIP/2.0 ${status}`,
    [
      copied('Via'),
      copied('From'),
      `${copied('To')}${tag === false ? '' : `;tag=${tag}`}`,
      'Call-ID: [call_id]',
      copied('CSeq'),
      `Contact: ${contact}`,
      ...headers,
    ],
    body,
  );
}

/** The description of audio; `version` goes up with each offer. */
export const audio = (direction = 'sendrecv', version = 1): string =>
  [
    'v=0',
    `o=sipp 1 ${version} IN IP4 [local_ip]`,
    's=-',
    'c=IN IP4 [media_ip]',
    't=0 0',
    'm=audio [media_port] RTP/AVP 8',
    'a=rtpmap:8 PCMA/8000',
    `a=${direction}`,
    '',
  ].join('\n');

function message(start: string, headers: readonly string[], body: string | undefined): string {
  const description = body === undefined ? [] : ['Content-Type: application/sdp'];
  const length = body === undefined ? 'Content-Length: 0' : 'Content-Length: [len]';
  return `${[start, ...headers, ...description, length].join('\n')}\n\n${body ?? ''}`;
}

/** SIPp calls and is answered; the dialog's requests go on with CSeq 2. */
export const callAndBeAnswered: readonly string[] = [
  send(request('INVITE', { cseq: 1, body: audio() }), { again: 500 }),
  receive(100, undefined, { optional: true }),
  receive(180, undefined, { optional: true }),
  receive(200, 'INVITE', { route: true }),
  send(inDialog('ACK', { cseq: 1, branch: 'ack' })),
];

/** SIPp, who has called, hangs up. */
export const hangUp = (cseq: number): readonly string[] => [
  send(inDialog('BYE', { cseq }), { again: 500 }),
  receive(200, 'BYE'),
];

/** SIPp is called and answers; then and only then comes an ACK. */
export const beCalledAndAnswer: readonly string[] = [
  receiveRequest('INVITE', 'invite', { route: true }),
  send(respond('200 OK', { to: 'invite', body: audio() }), { again: 500 }),
  receiveRequest('ACK'),
];

/** SIPp, who was called, hangs up. */
export const hangUpAsCalled = (cseq: number): readonly string[] => [
  send(inCalledDialog('BYE', { cseq }), { again: 500 }),
  receive(200, 'BYE'),
];

/** The subject hangs up. */
export const beHungUp: readonly string[] = [receiveRequest('BYE'), send(respond('200 OK', { tag: false }))];

/** SIPp goes on in its call when the subject tells it to, by {@link SubjectCall.signal}. */
export const awaitSignal: readonly string[] = [
  '<recv request="INFO"/>',
  send(respond('200 OK', { tag: false })),
];
