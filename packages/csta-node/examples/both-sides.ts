import { parseDeviceId, refusalReason, toDeviceId, toMonitorCrossRefId } from '@offhook/csta';
import { listenCsta, openCstaLink } from '@offhook/csta-node';

const server = await listenCsta({
  address: '127.0.0.1',
  port: 0,
  session: { editions: [4], heartbeatSeconds: 30, admit: () => 'admitted' },
  onRequest(link, invokeId, request) {
    if (request.name !== 'MonitorStart') link.refuse(invokeId, 'operation.serviceNotSupported');
    else {
      const monitorCrossRefID = toMonitorCrossRefId('1');
      const targetDevice = { kind: 'device', id: toDeviceId('N<101>Anna') } as const;
      link.answer(invokeId, { name: 'MonitorStartResponse', monitorCrossRefID });
      link.event({ name: 'MessageWaitingEvent', monitorCrossRefID, targetDevice, messageWaitingOn: true });
    }
  },
});

const link = openCstaLink({
  host: '127.0.0.1',
  port: server.port,
  client: { applicationId: 'Offhook' },
  async onStatus(status) {
    if (status.name !== 'ready') return;
    // A new session knows nothing of the one before: monitors and snapshots are had anew.
    const monitorObject = { deviceObject: toDeviceId('101') };
    const outcome = await link.request({ name: 'MonitorStart', monitorObject });
    if (outcome.ok) console.log(outcome.response.monitorCrossRefID);
    else if (outcome.failure.code === 'refused') console.log(refusalReason(outcome.failure.error));
  },
  onEvent(event) {
    if (event.name === 'MessageWaitingEvent' && event.targetDevice.kind === 'device') {
      console.log(parseDeviceId(event.targetDevice.id).name, event.messageWaitingOn);
    }
  },
});
