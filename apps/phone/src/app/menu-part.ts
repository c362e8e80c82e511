/** Menus with what places them on the screen: 35 KB that nobody needs before they open one. */
export { Menu } from '@mantine/core';
