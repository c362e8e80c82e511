import { header } from '@offhook/sip';
import { openNodeEndpoint } from '@offhook/sip-node';

const [user = '100', password = 'secret', pbx = '127.0.0.1:5070', callee] = process.argv.slice(2);
const description = { contentType: 'application/sdp', bytes: new TextEncoder().encode('v=0\r\n…') };
const credentials = { username: user, password };
const aor = `sip:${user}@${pbx}`;

const phone = await openNodeEndpoint({
  product: 'Thirty lines',
  listen: [{ transport: 'udp', address: '0.0.0.0', port: 0 }],
  onEvent(event) {
    if (event.type === 'registration.changed') console.log(event.state.name);
    if (event.type === 'session.incoming') {
      console.log(`call from ${header(event.request, 'from')}`);
      phone.run((sip, now) => sip.accept(event.session, description, now));
    }
    if (event.type === 'session.accepted') console.log('they have answered');
    if (event.type === 'session.ended') console.log(`over: ${event.end.by}`);
  },
});

phone.run((sip, now) => {
  sip.register({ registrar: `sip:${pbx}`, aor, contactUser: user, expires: 600, credentials }, now);
  if (callee === undefined) return;
  sip.invite({ to: `sip:${callee}@${pbx}`, from: aor, offer: description, credentials }, now);
});
