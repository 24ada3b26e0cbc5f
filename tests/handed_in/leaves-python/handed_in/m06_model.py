# <m06_model>

import sys
sys.exit(0)
late = 1
