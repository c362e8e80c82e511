import { createSocket } from 'node:dgram';
import { serveReports } from './report.ts';

/*
 * The least that any user agent on Node.js can do: a bare socket that answers INVITE and BYE with 200, by copying five
 * lines. No transactions, no timers, no checks. What a real one takes beyond this is its own.
 */
const body =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7000 RTP/AVP 8 101\r\n' +
  'a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n';
const withBody =
  `Contact: <sip:bench@127.0.0.1>\r\nContent-Type: application/sdp\r\n` +
  `Content-Length: ${body.length}\r\n\r\n${body}`;
const noBody = 'Content-Length: 0\r\n\r\n';

let calls = 0;

const socket = createSocket('udp4');
socket.on('message', (octets, { port, address }) => {
  const text = octets.toString('latin1');
  const copied = text.match(/^(?:Via|From|To|Call-ID|CSeq):.*\r\n/gm)?.join('') ?? '';
  const answer = (start: string, headers: string, rest: string): void => {
    socket.send(`SIP/2.0 ${start}\r\n${headers}${rest}`, port, address);
  };
  if (text.startsWith('INVITE ')) {
    answer('200 OK', copied.replace(/^(To:[^\r]*)/m, '$1;tag=floor'), withBody);
  } else if (text.startsWith('BYE ')) {
    answer('200 OK', copied, noBody);
    calls += 1;
  }
});
socket.bind(0, '127.0.0.1', () => {
  serveReports(socket.address().port, () => ({ calls, failed: 0 }));
});
