// Reads standard input with parsers that the product does not use: a feed with feedsmith, or a JSON list of Markdown texts with marked.
import { text } from 'node:stream/consumers'

const input = await text(process.stdin)

const readers = {
  async feed() {
    const { parseFeed } = await import('feedsmith')
    return parseFeed(input)
  },
  async markdown() {
    const { marked } = await import('marked')
    return JSON.parse(input).map((source) => marked.parse(source))
  }
}
console.log(JSON.stringify(await readers[process.argv[2]]()))
