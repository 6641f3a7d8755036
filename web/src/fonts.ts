import firaCode from '@fontsource-variable/fira-code/files/fira-code-latin-wght-normal.woff2';
import roboto from '@fontsource-variable/roboto/files/roboto-latin-wght-normal.woff2';

/** Loads the fonts of GraphiQL. Wait for it before creating editors, which measure their fonts at creation. */
export async function loadFonts(): Promise<void> {
  const fonts = [
    new FontFace('Roboto', `url(${roboto})`, { weight: '100 900' }),
    new FontFace('Fira Code', `url(${firaCode})`, { weight: '300 700' }),
  ];
  fonts.forEach((font) => document.fonts.add(font));
  await Promise.allSettled(fonts.map((font) => font.load()));
}
