// Prints the Elasticsearch type of every field of the Elastic Common Schema, as a JSON object.
'use strict';
const path = require('path');
const { EcsFlat } = require(path.join(process.argv[2], '@elastic', 'ecs'));
const types = Object.fromEntries(Object.entries(EcsFlat).map(([name, field]) => [name, field.type]));
console.log(JSON.stringify(types));
