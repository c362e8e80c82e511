/** Why a call of ours came to nothing, in the words of a display. */
export function outcomeText(status: number): string {
  switch (status) {
    case 404:
    case 484:
    case 604:
      return 'Unknown number';
    case 408:
    case 480:
      return 'No answer';
    case 486:
    case 600:
      return 'Busy';
    case 487:
      return 'Ended';
    case 403:
      return 'Not permitted';
    case 488:
    case 606:
      return 'No common codec';
    case 603:
      return 'Rejected';
    default:
      return `Not possible now (${status})`;
  }
}
