// PostgreSQL with pgvector (PGlite) behind a socket: node pglite-server.mjs FOLDER PORT
// Prints the port when it listens; ends when its standard input does, so that it never outlives the tests.
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'

process.stdin.on('end', () => process.exit(0)).resume()

const database = await PGlite.create({ dataDir: process.argv[2], extensions: { vector } })

// All connections share one session. The socket server keeps to one connection while a transaction is open, but would let another in between the
// messages of one statement (parse, bind, execute), whose unnamed statement they share: so it is told of a transaction until the next sync.
const ends = new Set(['S', 'Q', 'X'].map(letter => letter.charCodeAt(0)))
const begins = new Set(['P', 'B', 'D', 'E', 'C', 'H'].map(letter => letter.charCodeAt(0)))
let amidst = false
const guarded = new Proxy(database, {
  get(target, name) {
    if (name === 'isInTransaction') return () => amidst || target.isInTransaction()
    if (name === 'execProtocolRawStream') {
      return async (message, options) => {
        if (begins.has(message[0])) amidst = true
        try {
          return await target.execProtocolRawStream(message, options)
        } finally {
          if (ends.has(message[0])) amidst = false
        }
      }
    }
    const value = target[name]
    return typeof value === 'function' ? value.bind(target) : value
  },
})

const server = new PGLiteSocketServer({ db: guarded, host: '127.0.0.1', port: Number(process.argv[3]), maxConnections: 100 })
await server.start()
console.log(server.getServerConn().split(':').pop())
