%matplotlib inline
!pip install torch
# <m06_model>
