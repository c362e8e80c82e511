import { lazyRouteComponent } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { NotFound } from '../shell/NotFound.tsx';

interface PageModule {
  readonly Page: ComponentType;
}

/** Every page is a file `src/<feature>/<Name>Page.tsx` that exports `Page`; it is loaded when somebody goes there. */
const modules = import.meta.glob<PageModule>('../*/*Page.tsx');

/** Such as `users/UsersPage`. A page that is not part of this build is not found. */
export function pageOf(file: string) {
  const load = modules[`../${file}.tsx`];
  return load === undefined ? NotFound : lazyRouteComponent(load, 'Page');
}

export function isInBuild(file: string): boolean {
  return modules[`../${file}.tsx`] !== undefined;
}
