import { Checkbox, InputWrapper, mergeThemeOverrides, Modal, Switch } from '@mantine/core';
import { theme } from '@offhook/ui';
import classes from './theme.module.css';

const parts = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, classes[name] ?? '']));

/** The product's theme, with the quieter forms and dialogs of a desk's work. */
export const adminTheme = mergeThemeOverrides(theme, {
  components: {
    Checkbox: Checkbox.extend({ defaultProps: { radius: 5 } }),
    Switch: Switch.extend({ defaultProps: { radius: 'xl' } }),
    InputWrapper: InputWrapper.extend({ classNames: parts(['label', 'description', 'error']) }),
    Modal: Modal.extend({
      defaultProps: { radius: 'lg', centered: true, overlayProps: { backgroundOpacity: 0.4, blur: 2 } },
      classNames: parts(['header', 'title', 'body']),
    }),
  },
});
