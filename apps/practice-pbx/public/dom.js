// What every part of the page needs: elements, and requests whose refusals are shown.

export const byId = (id) => document.getElementById(id);

/** An element with properties (`className`, `textContent`, `onclick`, …), attributes under `attributes`, and children. */
export function element(name, { attributes = {}, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Unchanged text is left alone: screen readers would say it again. */
export function say(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** A field in which somebody writes is theirs. */
export function fill(field, value) {
  if (document.activeElement !== field && field.value !== value) field.value = value;
}

/** Can be focused and read even when it does nothing now: the focus is not lost under a person's fingers. */
export function enable(button, isEnabled) {
  if (isEnabled) button.removeAttribute('aria-disabled');
  else button.setAttribute('aria-disabled', 'true');
}

export function onPress(button, act) {
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') !== 'true') void act();
  });
}

export function personText({ number, name }) {
  return name === undefined ? number : `${name} (${number})`;
}

const problem = byId('problem');
problem.querySelector('button').addEventListener('click', () => {
  problem.hidden = true;
});

function complain(text) {
  problem.querySelector('p').textContent = text;
  problem.hidden = false;
}

/** Resolves with the answer, or with undefined after the problem has been shown. */
export async function ask(method, path, body) {
  problem.hidden = true;
  try {
    const response = await fetch(path, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const answer = await response.json();
    if (response.ok) return answer;
    complain(answer.error.message);
  } catch {
    complain('The practice PBX does not answer.');
  }
  return undefined;
}

export const post = (path, body) => ask('POST', path, body);
