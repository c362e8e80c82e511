export { switchHeadset, buttonHeadset, rangeHeadset, keyboard } from './layouts.ts';
export { SimulatedHid, SimulatedHidHeadset } from './simulated-hid.ts';
