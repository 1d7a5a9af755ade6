import type { ReactElement } from 'react'

/** The shop's mark: a sheet with a torn edge. */
export function Sheet(): ReactElement {
  return (
    <svg className="sheet" viewBox="0 0 20 26" aria-hidden="true">
      <path d="M1.5 1.5h17v20.3l-2 2.2-2.5-1.6-2.4 2-2.4-1.1-2.4 1.6-2-2-2.3 1.4-1-1z" />
    </svg>
  )
}

/** A notebook, an envelope and a bottle of ink on a table. */
export function StillLife(): ReactElement {
  return (
    <svg className="still-life" viewBox="0 0 420 300" aria-hidden="true">
      <path className="ground" d="M8 262c120 3 280-3 404 0" />
      <g>
        <path d="M52 258 52 96c0-6 4-10 10-10h116c4 0 7 3 7 7v165z" />
        <path d="M70 86v172M185 250h7V100l-7-4" />
        <path d="M78 86v172" className="thread" />
        <path d="M104 122h56v30h-56z" />
        <path d="M114 132h36M114 141h22" className="faint" />
      </g>
      <g>
        <path d="m150 258 34-98 172 24-13 74z" className="paper" />
        <path d="m184 160 72 66 100-42" />
        <path d="m150 258 82-54M343 258l-62-43" className="faint" />
      </g>
      <g>
        <path
          d="M318 258c-5 0-8-3-8-8v-46c0-14 11-18 17-22v-16h28v16c6 4 17 8 17 22v46c0 5-3 8-8 8z"
          className="paper"
        />
        <path d="M323 166v-17c0-2 1-3 3-3h30c2 0 3 1 3 3v17z" className="paper" />
        <path
          d="M310 216c14 5 24-4 36 0s18 3 26 0v34c0 5-3 8-8 8h-46c-5 0-8-3-8-8z"
          className="ink"
        />
        <path d="M341 146c-6-42 10-86 46-122-2 48-14 88-40 122" className="paper" />
        <path d="M344 146c4-40 16-78 43-122" className="faint" />
      </g>
    </svg>
  )
}
