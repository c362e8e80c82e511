export const install = {
  'install.entry': 'Install as an app',
  'settings.group.app': 'App',
  'install.how.installed': 'This window is the installed app.',
  'install.how.offered': 'An app has a window and an icon of its own, with the number of missed calls at it.',
  'install.how.safari':
    'In Safari on a Mac choose File, then Add to Dock; on an iPhone or iPad Share, then Add to Home Screen.',
  'install.how.firefox':
    'Firefox on a computer does not install pages as apps. Pin this tab, or use Chrome or Edge.',
  'install.how.menu': 'Your browser offers to install it in its menu or at the end of the address bar.',
  'install.login':
    'No page can start itself with the device. In Chrome open chrome://apps, right-click Offhook and choose “Start app when you sign in”; Edge asks after installing; on a Mac add the app to the login items.',
  'install.closed':
    'With notifications turned on, calls are shown even when no window is open, as long as the browser itself runs.',
  'links.title': 'Telephone links',
  'links.hint':
    'A click on a telephone number in a page or mail opens this phone with the number in the dial field. It never calls by itself: you press Call.',
  'links.none': 'This browser does not let pages open telephone links.',
  'links.open': 'Open telephone links here',
  'links.asked':
    'Your browser asks now whether it may. Where it says nothing, you have decided before: see its settings.',
  'notify.missed': 'Missed call: {{who}}',
} as const;
