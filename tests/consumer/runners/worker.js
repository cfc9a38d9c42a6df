/** A Worker, and just as well an edge function: it runs the suite inside one request, whose body is `env`. */
import * as tokenlet from 'tokenlet';
import { run } from '../suite/index.js';

export default {
  async fetch(request) {
    return Response.json(await run(tokenlet, await request.json()));
  },
};
