import type { Metadata } from 'next'
import type { ReactElement } from 'react'
import { FlowBody } from '../../../src/shop/flow-page.tsx'
import { flows } from '../../../src/shop/flows.ts'
import { readListings } from '../../../src/shop/listing.tsx'
import { readPlaces } from '../../../src/shop/places.ts'
import { ContactForm } from './contact-form.tsx'

export const metadata: Metadata = { title: flows.contact.name }

export default async function ContactPage(): Promise<ReactElement> {
  return (
    <FlowBody flow={flows.contact} listings={await readListings(flows.contact.files)}>
      <ContactForm places={readPlaces()} />
    </FlowBody>
  )
}
