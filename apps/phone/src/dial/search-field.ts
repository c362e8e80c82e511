/** The id of the one search field: the place from which the next call begins. */
export const SEARCH_FIELD_ID = 'search-field';

/** Not on a touch screen, where a field that takes the focus brings the keyboard up. */
export function focusSearchField(): void {
  if (window.matchMedia('(pointer: coarse)').matches) return;
  document.querySelector<HTMLElement>(`#${SEARCH_FIELD_ID}`)?.focus();
}
