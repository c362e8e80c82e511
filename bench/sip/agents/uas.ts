import { openNodeEndpoint } from '@offhook/sip-node';
import { agentOptions } from './options.ts';
import { serveReports } from './report.ts';

/** Answers every call at once with the same description. */
const answer = {
  contentType: 'application/sdp',
  bytes: new TextEncoder().encode(
    'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7000 RTP/AVP 8 101\r\n' +
      'a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n',
  ),
};
let calls = 0;
let failed = 0;

const endpoint = await openNodeEndpoint({
  ...agentOptions,
  onEvent(event) {
    if (event.type === 'session.incoming') {
      endpoint.run((sip, now) => sip.accept(event.session, answer, now));
    } else if (event.type === 'session.ended') {
      calls += 1;
      if (event.end.by !== 'remote') failed += 1;
    }
  },
});
serveReports(endpoint.bound[0]?.port ?? 0, () => ({ calls, failed, counts: endpoint.counts() }));
