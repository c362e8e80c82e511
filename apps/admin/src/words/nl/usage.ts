import type { usage as english } from '../en/usage.ts';

export const usage: Record<keyof typeof english, string> = {
  'usage.title': 'Gebruik',
  'usage.hint':
    'Een gebruikersmaand is één plaats die een hele maand bezet is; elke bezette dag telt naar rato.',
  'usage.zone': 'Dagen zijn die van {{zone}}.',
  'usage.provider.hint': 'Wat elke klant in een maand heeft gebruikt, in de eigen tijdzone van de klant.',
  'usage.chart': 'Gebruikersmaanden',
  'usage.chart.summary': 'Gebruikersmaanden per maand; {{used}} in de nieuwste.',
  'usage.largest': 'Grootste klanten',
  'usage.largest.summary': 'Gebruikersmaanden van de grootste klanten; meeste: {{name}}.',
  'usage.month': 'Maand',
  'usage.month.all': 'Alle maanden',
  'usage.tenant': 'Klant',
  'usage.state': 'Stand',
  'usage.closed': 'Afgesloten',
  'usage.running': 'Loopt nog',
  'usage.platform': 'Platform',
  'usage.seats': 'Plaatsen',
  'usage.userDays': 'Gebruikersdagen',
  'usage.userMonths': 'Gebruikersmaanden',
  'usage.price': 'Prijs',
  'usage.amount': 'Bedrag',
  'usage.total': 'Totaal',
  'usage.export.csv': 'CSV exporteren',
  'usage.export.json': 'JSON exporteren',
  'usage.none': 'Nog geen gebruik',
  'usage.none.hint':
    'Het wordt vanaf het begin van het abonnement dag na dag vastgelegd, voor iedereen met een lijn.',
};
