export { theme, cssVariables } from './theme/theme.ts';
export { Logo, type LogoProps } from './components/Logo.tsx';
export { PersonAvatar, type PersonAvatarProps } from './components/PersonAvatar.tsx';
export { RoundButton, type RoundButtonProps, type RoundButtonTone } from './components/RoundButton.tsx';
export { ColorSchemeChoice, type ColorSchemeChoiceProps } from './components/ColorSchemeChoice.tsx';
export { Blank, type BlankProps } from './components/Blank.tsx';
export { PresenceDot, type PresenceDotProps, type PresenceDotState } from './components/PresenceDot.tsx';
