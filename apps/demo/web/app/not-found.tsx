import type { ReactElement } from 'react'
import { Missing } from '../../src/shop/not-found.tsx'
import { readPlaces } from '../../src/shop/places.ts'

export default function NotFound(): ReactElement {
  return <Missing places={readPlaces()} />
}
