import { Anchor, Button, type AnchorProps, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

type Native<Props> = Omit<ComponentPropsWithRef<'a'>, keyof Props>;

/** Leads to a page of ours, with its parameters checked. */
export const LinkAnchor = createLink((props: AnchorProps & Native<AnchorProps>) => (
  <Anchor component="a" {...props} />
));
export const LinkButton = createLink((props: ButtonProps & Native<ButtonProps>) => (
  <Button component="a" {...props} />
));
