export const headset = {
  'headset.title': 'Headset',
  'headset.hint': 'Answer, hang up and mute with the keys of your headset. Its lights follow the calls.',
  'headset.way': 'Connected through',
  'headset.way.webhid': 'This browser',
  'headset.way.hub': 'Poly or Plantronics Hub',
  'headset.way.jabra': 'Jabra library',
  'headset.hub.hint':
    'The program “Plantronics Hub” must be running on this computer. The browser may ask whether this page may reach it.',
  'headset.connect': 'Connect headset',
  'headset.forget': 'Forget',
  'headset.off': 'No headset connected',
  'headset.asking': 'Choose your headset in the browser’s window…',
  'headset.absent': 'Your headset is not plugged in',
  'headset.absent.hub': 'No headset: either the Hub is not running, or it sees none',
  'headset.failed':
    'The headset does not answer. Another program may be using it; unplug it and plug it in again.',
  'headset.failed.jabra': 'The Jabra library does not work here. Ask your administrator.',
  'headset.elsewhere': 'Another window of the phone is using the headset',
  'headset.unsupported':
    'This browser cannot reach the keys of headsets. Chrome and Edge on a computer can. Sound works all the same.',
} as const;
