// Reads the feed on standard input with rss-parser, feedsmith or the schema of JSON Feed, and tells what it found.
import { createRequire } from 'node:module'
import { text } from 'node:stream/consumers'

const require = createRequire(import.meta.url)
const told = await text(process.stdin)

const readers = {
  async 'rss-parser'() {
    const Parser = require('rss-parser')
    const { items } = await new Parser().parseString(told)
    return items.map((each) => ({ id: each.guid ?? each.id, title: each.title, link: each.link }))
  },
  async feedsmith() {
    const { parseFeed } = await import('feedsmith')
    const { format, feed } = parseFeed(told)
    return (format === 'atom' ? feed.entries : feed.items).map((each) => ({
      id: each.guid?.value ?? each.id,
      title: each.title?.value ?? each.title,
      link: each.link ?? each.url ?? each.links?.find((link) => link.rel === 'alternate')?.href
    }))
  },
  async schema() {
    const Ajv = require('ajv').default
    const ajv = new Ajv({ allErrors: true, strict: false })
    require('ajv-formats').default(ajv)
    const validate = ajv.compile(require('jsonfeed-schema/v1.1'))
    return validate(JSON.parse(told)) ? [] : validate.errors
  }
}
console.log(JSON.stringify(await readers[process.argv[2]]()))
