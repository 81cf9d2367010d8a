export { MOST_ATTEMPTS, retryDelay } from '../retry-policy.ts'
