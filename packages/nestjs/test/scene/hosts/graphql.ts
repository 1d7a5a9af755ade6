import { createRequire } from 'node:module'
import { Injectable } from '@nestjs/common'
import {
  AbstractGraphQLDriver,
  Field,
  GraphQLModule,
  GraphQLSchemaHost,
  ObjectType,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql'
import { Test } from '@nestjs/testing'
import type { GraphQLSchema } from 'graphql'
import type { Host } from './host.ts'

// Vite would load another copy of it than Nest does, and a schema holds in its own copy only.
const { graphql, parse, subscribe } = createRequire(import.meta.url)(
  'graphql',
) as typeof import('graphql')

/** Serves nobody: the schema is asked directly. */
@Injectable()
class NoServer extends AbstractGraphQLDriver {
  override async start(): Promise<void> {}
  override async stop(): Promise<void> {}
}

@ObjectType()
class Shop {
  @Field(() => String)
  readonly name!: string
}

@Resolver()
class ShopResolver {
  @Query(() => Shop)
  shop(): Shop {
    return { name: 'shop' }
  }
}

/** GraphQL: queries, fields of an object, and subscriptions, whose results are stepped through. */
export const graphqlHosts: readonly Host[] = [
  {
    ...graphqlHost(
      'a GraphQL query',
      ask((route) => `{ ${route} }`),
    ),
    onClass: () => [Resolver()],
    onMethod: (route) => [Query(() => String, { name: route, nullable: true })],
  },
  {
    ...graphqlHost(
      'a field of a GraphQL object',
      ask((route) => `{ shop { ${route} } }`),
    ),
    consumes: ['a promise', 'nothing'],
    onClass: () => [Resolver(() => Shop)],
    onMethod: (route) => [ResolveField(route, () => String, { nullable: true })],
  },
  {
    ...graphqlHost('a GraphQL subscription', watch),
    consumes: ['a generator'],
    onClass: () => [Resolver()],
    onMethod: (route) => [
      Subscription(() => String, { name: route, resolve: (value: string) => value }),
    ],
  },
]

function graphqlHost(
  name: string,
  send: (schema: GraphQLSchema, route: string) => Promise<void>,
): Host {
  return {
    name,
    consumes: ['a promise', 'an Observable', 'a promised Observable', 'nothing'],
    async open(base, handlers) {
      const testing = await Test.createTestingModule({
        imports: [
          ...(base.imports ?? []),
          GraphQLModule.forRoot({ driver: NoServer, autoSchemaFile: true }),
        ],
        providers: [...(base.providers ?? []), ShopResolver, ...handlers.values()],
      }).compile()
      const app = testing.createNestApplication()
      await app.init()
      const { schema } = app.get(GraphQLSchemaHost)
      return { call: (route) => send(schema, route), close: () => app.close() }
    },
  }
}

function ask(
  query: (route: string) => string,
): (schema: GraphQLSchema, route: string) => Promise<void> {
  return async (schema, route) => {
    const { errors = [] } = await graphql({ schema, source: query(route) })
    if (errors.length > 0) throw new AggregateError(errors)
  }
}

async function watch(schema: GraphQLSchema, route: string): Promise<void> {
  const events = await subscribe({ schema, document: parse(`subscription { ${route} }`) })
  if (!(Symbol.asyncIterator in events)) throw new AggregateError(events.errors ?? [])
  for await (const _event of events);
}
