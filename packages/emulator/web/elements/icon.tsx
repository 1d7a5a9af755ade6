import type { JSX } from 'preact'

const paths = {
  back: 'M10 3.5 5.5 8l4.5 4.5',
  next: 'M6 3.5 10.5 8 6 12.5',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.7-1.3L14 14',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.6',
  warning: 'M8 2.5 14.2 13H1.8L8 2.5Zm0 4v3m0 1.7v.2',
  clip: 'm13 7.2-5.1 5.1a3.2 3.2 0 0 1-4.5-4.5l5.2-5.2a2.1 2.1 0 0 1 3 3L6.5 10.7a1 1 0 0 1-1.5-1.5l4.6-4.6',
  copy: 'M5.5 5.5V3a.8.8 0 0 1 .8-.8H13a.8.8 0 0 1 .8.8v6.7a.8.8 0 0 1-.8.8h-2.5M3 5.5h6.7a.8.8 0 0 1 .8.8V13a.8.8 0 0 1-.8.8H3a.8.8 0 0 1-.8-.8V6.3a.8.8 0 0 1 .8-.8Z',
  check: 'm3 8.5 3.2 3.2L13 4.8',
  image: 'M2.5 3h11v10h-11V3Zm0 8 3-3.2 2.3 2.3 2.2-1.8 3.5 3M10.5 6h.1',
  open: 'M9 2.5h4.5V7M13.5 2.5 7.5 8.5M6.5 3.5H3v9.5h9.5V9.5',
  desktop: 'M2 3h12v8H2V3Zm3.5 10.5h5M8 11v2.5',
  tablet: 'M4 2h8v12H4V2Zm3.5 10h1',
  phone: 'M5 2h6v12H5V2Zm2.5 10h1',
  bolt: 'M9 1.5 3.5 9H8l-1 5.5L12.5 7H8l1-5.5Z',
  trash: 'M3 4.5h10M6.5 4.5V2.5h3v2M4.5 4.5 5 13.5h6l.5-9',
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
