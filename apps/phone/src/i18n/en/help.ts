export const help = {
  'help.title': 'Help',
  'help.pdf': 'Guide as PDF',
  'help.print': 'Guide to print',
} as const;
