import type { JSX } from 'preact'

/** An envelope with an airmail edge. */
export function Logo(): JSX.Element {
  return (
    <svg class="logo" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <rect class="logo-ground" width="24" height="24" rx="6" />
      <path class="logo-paper" d="M5 7.5h14v9H5z" />
      <path class="logo-fold" d="m5.6 8.2 6.4 5 6.4-5" />
      <path class="logo-red" d="M5 16.5h3.5v1.7H5zm7 0h3.5v1.7H12z" />
      <path class="logo-blue" d="M8.5 16.5H12v1.7H8.5zm7 0H19v1.7h-3.5z" />
    </svg>
  )
}
